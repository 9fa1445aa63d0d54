using System.Diagnostics;
using Vpr.Laboratory;
using Xunit.Abstractions;

namespace Vpr.Peers.Tests;

/// <summary>ngtcp2's client and <c>vpr-server</c>.</summary>
[Trait("rfc", "9000")]
[Trait("rfc", "9114")]
public sealed class Ngtcp2ClientTests(ITestOutputHelper output)
{
    private const string OnlyTls13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:";

    private static readonly TimeSpan s_fetchLimit = TimeSpan.FromMinutes(4);

    /// <summary>What the client is told to insist on. Each is a path through the handshake or the transport that it would not take by itself.</summary>
    private static readonly string[][] s_insistences =
    [
        [$"--ciphers={OnlyTls13}+AES-128-GCM"],
        [$"--ciphers={OnlyTls13}+AES-256-GCM"],
        [$"--ciphers={OnlyTls13}+CHACHA20-POLY1305"],
        ["--groups=-GROUP-ALL:+GROUP-SECP256R1"],
        ["--groups=-GROUP-ALL:+GROUP-SECP384R1:+GROUP-SECP256R1"], // its key share is of a group that we lack: HelloRetryRequest
        ["--version=0x1a2a3a4a", "--preferred-versions=v1"], // Version Negotiation
        ["--scid="], // a connection ID of no length
        ["--key-update=5ms"],
        ["--change-local-addr=5ms"], // migration
        ["--max-data=64K", "--max-stream-data-bidi-local=64K", "--max-window=0", "--max-stream-window=0"],
        ["--cc=bbr", "--ack-thresh=10"],
    ];

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

    [RootFact("gtlsclient")]
    [Trait("rfc", "9000 §9")]
    [Trait("rfc", "9001 §6")]
    [Trait("rfc", "8446 §4.1.4")]
    public void The_client_of_ngtcp2_is_served_whatever_it_insists_on()
    {
        using var lab = new TunnelLab();
        string site = Path.Combine(lab.Network.Directory, "www"), downloads = Directory.CreateDirectory(Path.Combine(lab.Network.Directory, "got")).FullName;
        string copy = Path.Combine(downloads, "file.bin");
        byte[] content = SiteFile.Write(Path.Combine(site, "file.bin"), 5_000_000, seed: 52);
        lab.ServeFiles(site);
        using LabProcess server = lab.StartServer();
        var failures = new List<string>();
        foreach (string[] options in s_insistences)
        {
            File.Delete(copy);
            CommandResult client = lab.Network.Run(s_fetchLimit, "client", ["gtlsclient", "-q", "--no-quic-dump", "--no-http-dump",
                "--timeout=10s", "--download", downloads, "--exit-on-all-streams-close", .. options,
                LabNetwork.ServerAddress, "443", $"https://{LabNetwork.ServerAddress}/file.bin"]);
            if (!File.Exists(copy) || !content.AsSpan().SequenceEqual(File.ReadAllBytes(copy)))
                failures.Add($"{string.Join(' ', options)}: {client.ExitCode} {client.Errors}");
        }

        Assert.Empty(failures);
        Assert.False(server.HasExited, server.Errors);
    }
}
