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
        CommandResult status = lab.Client("status", "--json", lab.Interface);
        Assert.True(status.ExitCode == 0, status.Errors);
        using var json = System.Text.Json.JsonDocument.Parse(status.Output);
        Assert.True(json.RootElement.GetProperty("up").GetBoolean());
        Assert.True(json.RootElement.GetProperty("bytesReceived").GetUInt64() >= 3 * 84);
        Assert.True(json.RootElement.GetProperty("rttMilliseconds").GetDouble() > 0);
        Assert.Equal(2, json.RootElement.GetProperty("addresses").GetArrayLength());
    }
}
