using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Laboratory;
using Vpr.Tls;
using Xunit.Abstractions;

namespace Vpr.Peers.Tests;

/// <summary>Our HTTP/3 client and ngtcp2's server.</summary>
[Trait("rfc", "9000")]
[Trait("rfc", "9114")]
public sealed class Ngtcp2ServerTests(ITestOutputHelper output)
{
    private const string OnlyTls13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:";

    private static readonly TimeSpan s_fetchLimit = TimeSpan.FromMinutes(4);
    private static readonly IPEndPoint s_server = new(IPAddress.Parse(LabNetwork.ServerAddress), 443);

    [RootTheory("gtlsserver", "nft")]
    [InlineData(0)]
    [InlineData(3)]
    public void Our_client_fetches_50_MB_from_the_server_of_ngtcp2(int lossPercent)
    {
        using var network = new LabNetwork();
        string site = Path.Combine(network.Directory, "www");
        byte[] content = SiteFile.Write(Path.Combine(site, "file.bin"), SiteFile.LargeSize, seed: 51);
        byte[] pin = WriteIdentity(network.Directory);
        using LabProcess server = StartServer(network, site);
        PacketLoss? loss = lossPercent > 0 ? new PacketLoss(network, lossPercent) : null;

        // The server says nothing when it listens; a client that is early tries again as after any loss.
        network.Within("client", () =>
        {
            using var client = new LoopClient(s_server, pin);
            long started = Stopwatch.GetTimestamp();
            SiteAnswer answer = client.Ask(new SiteRequest("GET", "/file.bin"), s_fetchLimit);
            output.WriteLine($"{lossPercent} % loss: {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; to server, to client, dropped of each: {loss?.Count()}, {client.Transport.Statistics}");
            Assert.Equal(200, answer.Status);
            Assert.Equal(SiteFile.Sha256(content), SiteFile.Sha256(answer.Body));
        });
        loss?.AssertBothWays();
        Assert.False(server.HasExited, server.Errors);
    }

    [RootTheory("gtlsserver")]
    [InlineData("--validate-addr")] // Retry, RFC 9000 §8.1.2
    [InlineData("--groups=-GROUP-ALL:+GROUP-SECP256R1")] // HelloRetryRequest, RFC 8446 §4.1.4
    [InlineData($"--ciphers={OnlyTls13}+AES-128-GCM")]
    [InlineData($"--ciphers={OnlyTls13}+AES-256-GCM")]
    [InlineData($"--ciphers={OnlyTls13}+CHACHA20-POLY1305")]
    [InlineData("--send-trailers")]
    [InlineData("--max-udp-payload-size=1200")]
    public void Our_client_is_served_by_a_server_of_ngtcp2_that_insists(string option)
    {
        using var network = new LabNetwork();
        string site = Path.Combine(network.Directory, "www");
        byte[] content = SiteFile.Write(Path.Combine(site, "file.bin"), 5_000_000, seed: 53);
        byte[] pin = WriteIdentity(network.Directory);
        using LabProcess server = StartServer(network, site, option);
        network.Within("client", () =>
        {
            using var client = new LoopClient(s_server, pin);
            SiteAnswer answer = client.Ask(new SiteRequest("GET", "/file.bin"), s_fetchLimit);
            Assert.Equal(200, answer.Status);
            Assert.Equal(SiteFile.Sha256(content), SiteFile.Sha256(answer.Body));
        });
        Assert.False(server.HasExited, server.Errors);
    }

    private static LabProcess StartServer(LabNetwork network, string site, params string[] options) =>
        network.Start("server", ["gtlsserver", "-q", "--no-quic-dump", "--no-http-dump", "-d", site, .. options,
            LabNetwork.ServerAddress, "443", Path.Combine(network.Directory, "key.pem"), Path.Combine(network.Directory, "certificate.pem")]);

    /// <summary>Writes a key and a certificate for the server's address.</summary>
    /// <returns>The key's pin.</returns>
    private static byte[] WriteIdentity(string directory)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + LabNetwork.ServerAddress, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(directory, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(directory, "certificate.pem"), certificate.ExportCertificatePem());
        return ServerTrust.PinOf(certificate);
    }
}
