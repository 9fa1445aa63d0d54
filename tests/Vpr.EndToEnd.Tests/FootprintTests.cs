using System.Globalization;
using Vpr.Laboratory;

namespace Vpr.EndToEnd.Tests;

/// <summary>What the static binaries take: bytes of disk, and of memory at rest and under load.</summary>
/// <remarks>docs/architecture.md, "Size and memory". build/publish.sh prints the sizes and names the same limits.</remarks>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class FootprintTests
{
    // After the others, some of which have seconds to keep: eight flows take all that a machine has.
    private const string Alone = "alone";

    private const long Megabyte = 1_000_000;
    private const long ServerAtRest = 35 * Megabyte;
    private const long ClientAtRest = 20 * Megabyte;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_transferLimit = TimeSpan.FromSeconds(30);

    [RootTheory]
    [InlineData("vpr-server", 18 * Megabyte)]
    [InlineData("vpr-client", 12 * Megabyte)]
    public void A_static_binary_is_no_larger_than_it_may_be(string program, long limit)
    {
        long size = new FileInfo(Repository.Binary(program)).Length;
        Assert.True(size <= limit, $"{program} has {size} bytes, {limit} are the most");
    }

    [RootFact]
    public void Both_sides_stay_small_at_rest_and_take_at_most_twice_that_under_load()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        Thread.Sleep(s_rest);
        AssertWithin(ServerAtRest, server, "VmRSS", "the server without a client");

        using LabProcess target = lab.Network.Start("target", "iperf3", "--server", "--forceflush");
        target.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess client = lab.StartClient();
        Thread.Sleep(s_rest);
        AssertWithin(ServerAtRest, server, "VmRSS", "the server with an idle tunnel");
        AssertWithin(ClientAtRest, client, "VmRSS", "the client with an idle tunnel");

        foreach (string[] load in new string[][] { ["-P", "1"], ["-P", "1", "--reverse"], ["-P", "8"], ["-P", "8", "--reverse"] })
        {
            CommandResult run = lab.Network.Run(s_transferLimit, "client", ["iperf3", "-c", LabNetwork.TargetAddress4, "-t", "4", .. load]);
            Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        }

        // The most since the process began.
        AssertWithin(2 * ServerAtRest, server, "VmHWM", "the server under load");
        AssertWithin(2 * ClientAtRest, client, "VmHWM", "the client under load");
    }

    private static void AssertWithin(long limit, LabProcess process, string field, string what)
    {
        long bytes = MemoryOf(process, field);
        Assert.True(bytes <= limit, $"{what} holds {bytes} bytes of memory ({field}), {limit} are the most");
    }

    // proc_pid_status(5): "VmRSS:	   12345 kB"
    private static long MemoryOf(LabProcess process, string field)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(field.Length + 1, line.Length - field.Length - 1 - " kB".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
