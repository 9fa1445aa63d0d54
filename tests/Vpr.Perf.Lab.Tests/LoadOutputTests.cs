using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Measure;

namespace Vpr.Perf.Lab.Tests;

/// <summary>What other programs say, read.</summary>
public sealed class LoadOutputTests
{
    private const string Iperf = """
        {
          "start": { "version": "iperf 3.12", "tcp_mss_default": 1356, "test_start": { "protocol": "TCP", "num_streams": 1 } },
          "intervals": [
            { "streams": [], "sum": { "seconds": 1.0, "bytes": 125000000, "bits_per_second": 1.0e9 } },
            { "streams": [], "sum": { "seconds": 1.0, "bytes": 250000000, "bits_per_second": 2000000000 } }
          ],
          "end": {
            "sum_sent": { "bytes": 380000000, "bits_per_second": 1.52e9, "retransmits": 17 },
            "sum_received": { "bytes": 375000000, "bits_per_second": 1500000000.5 }
          }
        }
        """;

    private const string PingOutput = """
        PING 10.99.0.2 (10.99.0.2) 56(84) bytes of data.
        64 bytes from 10.99.0.2: icmp_seq=1 ttl=64 time=0.412 ms
        64 bytes from 10.99.0.2: icmp_seq=2 ttl=64 time=12.5 ms
        64 bytes from 10.99.0.2: icmp_seq=2 ttl=64 time=13.5 ms (DUP!)
        64 bytes from 10.99.0.2: icmp_seq=4 ttl=64 time=0.500 ms

        --- 10.99.0.2 ping statistics ---
        4 packets transmitted, 3 received, 25% packet loss, time 15ms
        rtt min/avg/max/mdev = 0.412/4.470/12.500/5.000 ms
        """;

    [Fact]
    public void Iperf3_tells_what_the_receiver_got()
    {
        IperfResult result = IperfResult.Parse(Iperf);
        Assert.Equal(375_000_000, result.Bytes);
        Assert.Equal(1_500_000_000.5, result.BitsPerSecond);
        Assert.Equal(17, result.Retransmits);
        Assert.Equal(1356, result.SegmentSize);
        Assert.Equal([1e9, 2e9], result.Intervals);
    }

    [Fact]
    public void Iperf3_of_a_system_that_counts_no_retransmits_is_read() =>
        Assert.Equal(0, IperfResult.Parse(Iperf.Replace(", \"retransmits\": 17", "", StringComparison.Ordinal)).Retransmits);

    [Theory]
    [InlineData("""{ "start": {}, "intervals": [], "end": {}, "error": "unable to connect to server: Connection refused" }""", "Connection refused")]
    [InlineData("""{ "start": {}, "intervals": [], "end": {} }""", "no result")]
    [InlineData("iperf3: parameter error", "no result")]
    [InlineData("", "no result")]
    public void Iperf3_without_a_result_is_an_error(string output, string message) =>
        Assert.Contains(message, Assert.Throws<BenchException>(() => IperfResult.Parse(output)).Message, StringComparison.Ordinal);

    [Fact]
    public void Ping_tells_round_trips_in_order_and_duplicates_are_none()
    {
        PingResult result = PingResult.Parse(PingOutput.ReplaceLineEndings("\n"));
        Assert.Equal(4, result.Sent);
        Assert.Equal([412_000L, 12_500_000L, 500_000L], result.RoundTrips);
        Assert.Equal(25, result.LossPercent);
        Assert.Equal((12_088_000 + 12_000_000) / 2.0, result.Jitter);
        Assert.Equal(3, result.ToHistogram().Count);
    }

    [Fact]
    public void Ping_without_a_summary_is_an_error() =>
        Assert.Throws<BenchException>(() => PingResult.Parse("ping: connect: Network is unreachable"));

    [Theory]
    [InlineData("123456,,raw_syscalls:sys_enter,1000000,100.00,,\n", 123456L)]
    [InlineData("<not counted>,,raw_syscalls:sys_enter,0,100.00,,\n", null)]
    [InlineData("event syntax error: 'raw_syscalls:sys_enter'\n", null)]
    [InlineData("", null)]
    public void Perf_tells_a_count_or_none(string errors, long? expected) => Assert.Equal(expected, SystemCalls.ParseCount(errors));

    [Fact]
    public void Proc_tells_cpu_times_in_seconds()
    {
        MachineCpu machine = MachineCpu.Parse("cpu  1000 200 300 40000 50 6 94 7 0 0");
        Assert.Equal(new MachineCpu(12, 3, 1, 0.07), machine);
        Assert.Equal(16, machine.Busy);
        ProcessCpu process = ProcessCpu.Parse("42 (a (strange) name) S 1 42 42 0 -1 4194560 100 200 0 0 150 250 30 40 20 0 1 0 100 1000 10\n");
        Assert.Equal(new ProcessCpu(1.5, 2.5, 0.3), process);
        Assert.Equal(4, process.Total);
    }

    [Fact]
    public void Proc_tells_memory_and_switches()
    {
        ProcessState state = ProcessState.Parse("Name:\tx\nVmHWM:\t   20000 kB\nVmRSS:\t   10000 kB\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n");
        Assert.Equal(10.24, state.ResidentMegabytes, 6);
        Assert.Equal(20.48, state.PeakMegabytes, 6);
        Assert.Equal(15, state.ContextSwitches);
    }
}
