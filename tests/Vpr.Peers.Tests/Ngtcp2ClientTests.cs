using System.Diagnostics;
using Vpr.Laboratory;
using Xunit.Abstractions;

namespace Vpr.Peers.Tests;

/// <summary>ngtcp2's client and <c>vpr-server</c>.</summary>
[Trait("rfc", "9000")]
[Trait("rfc", "9114")]
public sealed class Ngtcp2ClientTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_fetchLimit = TimeSpan.FromMinutes(4);

    [RootTheory("gtlsclient", "nft")]
    [InlineData(0)]
    [InlineData(3)]
    public void The_client_of_ngtcp2_fetches_50_MB(int lossPercent)
    {
        using var lab = new TunnelLab();
        string site = Path.Combine(lab.Network.Directory, "www"), downloads = Directory.CreateDirectory(Path.Combine(lab.Network.Directory, "got")).FullName;
        byte[] content = SiteFile.Write(Path.Combine(site, "file.bin"), SiteFile.LargeSize, seed: 50);
        lab.ServeFiles(site);
        using LabProcess server = lab.StartServer();
        PacketLoss? loss = lossPercent > 0 ? new PacketLoss(lab.Network, lossPercent) : null;

        long started = Stopwatch.GetTimestamp();
        CommandResult client = lab.Network.Run(s_fetchLimit, "client", "gtlsclient", "-q", "--no-quic-dump", "--no-http-dump",
            "--download", downloads, "--exit-on-all-streams-close",
            LabNetwork.ServerAddress, "443", $"https://{LabNetwork.ServerAddress}/file.bin");
        output.WriteLine($"{lossPercent} % loss: {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; to server, to client, dropped of each: {loss?.Count()}");

        string told = $"{client.ExitCode}\n{client.Output}\n{client.Errors}\nvpr-server: {server.Errors}";
        Assert.True(client.ExitCode == 0, told);
        string copy = Path.Combine(downloads, "file.bin");
        Assert.True(File.Exists(copy), told);
        Assert.Equal(SiteFile.Sha256(content), SiteFile.Sha256(File.ReadAllBytes(copy)));
        loss?.AssertBothWays();
    }
}
