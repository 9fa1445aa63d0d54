using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests.Peers;

/// <summary>Whole handshakes, and data under the keys they end in, with OpenSSL's s_server over TCP.</summary>
/// <remarks>
/// OpenSSL knows nothing of QUIC here: its server is told to answer an empty extension 57 (quic_transport_parameters) with fixed bytes. Its
/// client cannot be taught the same, so a foreign client meets our server over QUIC alone. Before 3.5 it has no ML-KEM.
/// </remarks>
public sealed class OpenSslPeerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("vpr-tls").FullName;

    public static TheoryData<string, string, string> Combinations => new()
    {
        { "ecdsa-p256", "TLS_AES_128_GCM_SHA256", "X25519" },
        { "ecdsa-p384", "TLS_AES_256_GCM_SHA384", "X25519" },
        { "rsa", "TLS_CHACHA20_POLY1305_SHA256", "X25519" },
        { "ed25519", "TLS_AES_128_GCM_SHA256", "P-256" },
        { "ecdsa-p256", "TLS_AES_256_GCM_SHA384", "P-256" },
    };

    [OpenSslTheory]
    [Trait("peer", "OpenSSL")]
    [MemberData(nameof(Combinations))]
    public void Our_client_and_s_server(string key, string suite, string group)
    {
        ServerCertificate certificate = TestCertificates.ByName(key);
        WriteCertificate(certificate, key);
        // Context: ClientHello and EncryptedExtensions; then the extension's type, length and body.
        WritePem("parameters.pem", "SERVERINFOV2 FOR QUIC", [0, 0, 0x04, 0x80, 0, 57, 0, 3, .. HandshakePair.ServerTransportParameters]);
        using Process server = Start(
            "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-rev", "-tls1_3", "-alpn", "h3", "-serverinfo", "parameters.pem",
            "-cert", "leaf.pem", "-cert_chain", "chain.pem", "-key", "key.pem", "-ciphersuites", suite, "-groups", group);
        try
        {
            ushort port = ushort.Parse(ReadUntil(server, "ACCEPT ").Split(':')[^1]);
            // X25519 alone has a share, so that P-256 is asked for by a HelloRetryRequest.
            using var client = new ClientHandshake(
                HandshakePair.ClientOptions() with { Shape = ClientHelloShape.Plain with { KeyShares = [NamedGroup.X25519] } },
                transportParameters: []);
            using var tcp = new TcpClient("127.0.0.1", port) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
            using var records = new TlsRecordStream(client, tcp.GetStream());
            records.CompleteHandshake();
            Assert.Equal("h3", client.NegotiatedProtocol);
            Assert.Equal(HandshakePair.ServerTransportParameters, client.PeerTransportParameters!.Value.ToArray());
            Assert.Equal(certificate.Leaf.Thumbprint, client.PeerCertificate!.Thumbprint);
            Assert.Equal(group == "P-256" ? NamedGroup.Secp256r1 : NamedGroup.X25519, client.KeyExchange);

            records.Write("masque\n"u8);
            Assert.Equal("euqsam\n", Encoding.ASCII.GetString(records.ReadApplicationData()));
        }
        finally
        {
            server.Kill();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true, // s_server must not read the test's
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static string ReadUntil(Process process, string start)
    {
        using var late = new CancellationTokenSource(Patience);
        while (process.StandardOutput.ReadLineAsync(late.Token).AsTask().GetAwaiter().GetResult() is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"openssl ended before it said \"{start}\".");
    }

    private void WriteCertificate(ServerCertificate certificate, string key)
    {
        File.WriteAllText(Path.Combine(_folder, "leaf.pem"), certificate.Leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "chain.pem"), TestCertificates.Intermediate.ExportCertificatePem());
        WritePem("key.pem", "PRIVATE KEY", TestCertificates.PrivateKeyOf(key));
    }

    private void WritePem(string name, string label, byte[] content) =>
        File.WriteAllText(Path.Combine(_folder, name), $"-----BEGIN {label}-----\n{Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks)}\n-----END {label}-----\n");
}
