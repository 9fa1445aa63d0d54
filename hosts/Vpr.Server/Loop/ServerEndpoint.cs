using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Hosting.Configuration;
using Vpr.Interop.Linux;
using Vpr.Quic;
using Vpr.Tls;

namespace Vpr.Server.Loop;

/// <summary>The QUIC endpoints of the server's loops: alike, but for which connection IDs are whose.</summary>
internal sealed class ServerEndpoint
{
    private readonly EndpointOptions _options;

    /// <summary>What all of them share.</summary>
    /// <param name="noiseKey">The server's static key, which the stateless reset key follows from.</param>
    /// <param name="certificate">The server's certificate with its key.</param>
    public ServerEndpoint(X25519PrivateKey noiseKey, X509Certificate2 certificate)
    {
        var tls = new ServerHandshakeOptions
        {
            Certificates = [new ServerCertificate(certificate)],
            ApplicationProtocols = ["h3"],
            Random = OsRandomSource.Instance,
        };
        byte[] tokenKey = GC.AllocateUninitializedArray<byte>(KeyText.Size, pinned: true);
        OsRandomSource.Instance.FillSecret(tokenKey);
        _options = new EndpointOptions
        {
            Random = OsRandomSource.Instance,
            Server = new ServerConnectionOptions { Tls = tls },
            StatelessResetKey = DeriveStatelessResetKey(noiseKey),
            AddressTokenKey = tokenKey,
        };
    }

    /// <summary>Makes a loop's endpoint.</summary>
    /// <param name="loop">The loop's index.</param>
    /// <param name="loops">How many there are.</param>
    public QuicEndpoint Create(int loop, int loops) => new(_options with { ConnectionIds = new ConnectionIdShare(loop, loops) });

    // RFC 9000 §10.3.2: the same after a restart, so that clients of the process before learn at once that their connection is gone.
    private static byte[] DeriveStatelessResetKey(X25519PrivateKey noiseKey)
    {
        Span<byte> secret = stackalloc byte[KeyText.Size];
        noiseKey.Export(secret);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), KeyText.Size, info: "vpr stateless reset"u8.ToArray());
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }
}
