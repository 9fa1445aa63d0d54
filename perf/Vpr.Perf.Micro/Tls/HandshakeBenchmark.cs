using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Vpr.Tls;
using NamedGroup = Vpr.Wire.Tls.NamedGroup;

namespace Vpr.Perf.Micro.Tls;

/// <summary>A whole handshake, both ends on one thread, from making them to the last Finished.</summary>
/// <remarks>
/// <c>PinnedKey</c> and <c>PrivateCa</c> differ by what the platform needs to build a chain. Keys and certificates are made outside the
/// timed region.
/// </remarks>
[MemoryDiagnoser]
public class HandshakeBenchmark
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] TransportParameters = new byte[64];

    private ClientHandshakeOptions _client = null!;
    private ServerHandshakeOptions _server = null!;

    /// <summary>The key exchange.</summary>
    [Params(NamedGroup.X25519MLKEM768, NamedGroup.X25519)]
    public NamedGroup Group { get; set; }

    /// <summary>How the client checks the server.</summary>
    [Params("PinnedKey", "PrivateCa")]
    public string Trust { get; set; } = "";

    /// <summary>Makes a root, a P-256 certificate and the options.</summary>
    [GlobalSetup]
    public void Setup()
    {
        X509Certificate2 root = Root();
        X509Certificate2 leaf = Leaf(root);
        var random = new SystemRandom();
        _server = new ServerHandshakeOptions { Certificates = [new ServerCertificate(leaf)], ApplicationProtocols = ["h3"], Random = random };
        _client = new ClientHandshakeOptions
        {
            ServerName = "www.example.org",
            ApplicationProtocols = ["h3"],
            Trust = Trust == "PinnedKey" ? ServerTrust.PinnedKey(ServerTrust.PinOf(leaf)) : ServerTrust.PrivateCa(root),
            VerificationTime = Now,
            Random = random,
            Shape = ClientHelloShape.Chrome with { KeyShares = [Group] },
        };
    }

    /// <summary>Client and server.</summary>
    [Benchmark]
    public bool Pair()
    {
        using var client = new ClientHandshake(_client, TransportParameters);
        using var server = new ServerHandshake(_server, TransportParameters);
        Deliver(client, server);
        Deliver(server, client);
        Deliver(client, server);
        return client.IsComplete && server.IsComplete ? true : throw new InvalidOperationException("The handshake failed.");
    }

    private static void Deliver(TlsHandshake from, TlsHandshake to)
    {
        while (from.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> bytes)) to.Receive(level, bytes);
        while (to.TryTakeSecret(out TrafficSecret? secret)) secret.Dispose();
    }

    private static X509Certificate2 Root()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    private static X509Certificate2 Leaf(X509Certificate2 root)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("www.example.org");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(root, Now.AddYears(-1), Now.AddYears(1), [1]);
        return certificate.CopyWithPrivateKey(key);
    }
}
