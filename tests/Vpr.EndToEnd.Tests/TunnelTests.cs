using System.Text.Json;
using Vpr.Laboratory;

namespace Vpr.EndToEnd.Tests;

/// <summary>What passes through a tunnel between the static binaries.</summary>
public sealed class TunnelTests
{
    private static readonly TimeSpan s_transferLimit = TimeSpan.FromSeconds(60);

    [RootFact]
    public void Ping_and_a_download_pass_over_both_IP_versions_and_nothing_else_leaves()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        using LabProcess web = lab.Network.Start("target", "python3", "-um", "http.server", "--bind", "::", "--directory", Directory.CreateDirectory(Path.Combine(lab.Network.Directory, "www")).FullName, "8080");
        byte[] file = new byte[20_000_000];
        new Random(1).NextBytes(file);
        File.WriteAllBytes(Path.Combine(lab.Network.Directory, "www", "file"), file);
        web.WaitForOutput("Serving", TunnelLab.StartLimit);
        string capture = Path.Combine(lab.Network.Directory, "underlay.pcap");
        using LabProcess tcpdump = lab.Network.Start("router", "tcpdump", "-n", "-U", "-i", "client", "-w", capture, LabNetwork.CaptureFilter);
        tcpdump.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess client = lab.StartClient();

        lab.Network.Check("client", "ping", "-q", "-c", "5", "-i", "0.1", LabNetwork.TargetAddress4);
        lab.Network.Check("client", "ping", "-q", "-c", "5", "-i", "0.1", LabNetwork.TargetAddress6);
        foreach (string host in new[] { LabNetwork.TargetAddress4, $"[{LabNetwork.TargetAddress6}]" })
        {
            string copy = Path.Combine(lab.Network.Directory, "copy");
            lab.Network.Check("client", "curl", "-sS", "--max-time", "50", "-o", copy, $"http://{host}:8080/file");
            Assert.Equal(file, File.ReadAllBytes(copy));
        }

        tcpdump.Terminate(s_transferLimit);
        string[] packets = lab.Network.Check("router", "tcpdump", "-n", "-q", "-r", capture).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(packets);
        Assert.All(packets, packet => Assert.Matches(@"203\.0\.113\.2\.443[: ].*UDP", packet));
    }

    [RootFact]
    public void Status_tells_addresses_bytes_and_round_trip()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        using LabProcess client = lab.StartClient();
        lab.Network.Check("client", "ping", "-q", "-c", "3", "-i", "0.1", LabNetwork.TargetAddress4);
        JsonElement tunnel = lab.ClientStatus();
        Assert.True(tunnel.GetProperty("up").GetBoolean());
        Assert.True(tunnel.GetProperty("bytesReceived").GetUInt64() >= 3 * 84);
        Assert.True(tunnel.GetProperty("rttMilliseconds").GetDouble() > 0);
        Assert.Equal(2, tunnel.GetProperty("addresses").GetArrayLength());

        JsonElement laptop = Assert.Single(lab.ServerStatus().GetProperty("clients").EnumerateArray());
        Assert.Equal("laptop", laptop.GetProperty("name").GetString());
        Assert.StartsWith("198.51.100.2:", laptop.GetProperty("endpoint").GetString());
        Assert.True(laptop.GetProperty("bytesSent").GetUInt64() >= 3 * 84);
        Assert.True(laptop.GetProperty("rttMilliseconds").GetDouble() > 0);
        Assert.Contains("laptop", lab.ServerCommand("status"));
    }

    [RootFact]
    public void A_minute_of_iperf3_makes_neither_side_collect_garbage()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        using LabProcess target = lab.Network.Start("target", "iperf3", "--server", "--forceflush");
        target.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess client = lab.StartClient();
        RunIperf(lab, seconds: 3);
        int clientBefore = Collections(lab.ClientStatus()), serverBefore = Collections(lab.ServerStatus());

        RunIperf(lab, seconds: 30);
        RunIperf(lab, seconds: 30, "--reverse");

        Assert.True(lab.ClientStatus().GetProperty("bytesSent").GetUInt64() > 100_000_000);
        Assert.Equal((clientBefore, serverBefore), (Collections(lab.ClientStatus()), Collections(lab.ServerStatus())));
    }

    private static void RunIperf(TunnelLab lab, int seconds, params string[] options)
    {
        CommandResult run = lab.Network.Run(s_transferLimit, "client", ["iperf3", "-c", LabNetwork.TargetAddress4, "-t", $"{seconds}", .. options]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }

    private static int Collections(JsonElement status) => status.GetProperty("gen0Collections").GetInt32();
}
