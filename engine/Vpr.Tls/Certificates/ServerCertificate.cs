using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>A server's certificate with its private key and the chain above it, and the names it answers to.</summary>
/// <remarks>Immutable; one serves any number of handshakes, of any number of loops. Does not own the certificates or the key, which must live as long.</remarks>
public sealed class ServerCertificate
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[][] _chain;
    private readonly CertificateSigner _signer;
    private readonly CertificateKeyKind _kind;

    /// <summary>A certificate that carries its private key: ECDSA on P-256 or P-384, or RSA.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="intermediates">The certificates above it, nearest first, the root left out; may be empty.</param>
    /// <exception cref="ArgumentException">The certificate has no private key, or of a kind that is not supported.</exception>
    public ServerCertificate(X509Certificate2 leaf, params IReadOnlyList<X509Certificate2> intermediates)
        : this(leaf ?? throw new ArgumentNullException(nameof(leaf)), CertificateSigner.Create(leaf), intermediates)
    {
    }

    /// <summary>An Ed25519 certificate.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="key">Its private key.</param>
    /// <param name="intermediates">The certificates above it, nearest first, the root left out; may be empty.</param>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public ServerCertificate(X509Certificate2 leaf, Ed25519PrivateKey key, params IReadOnlyList<X509Certificate2> intermediates)
        : this(leaf, Ed25519Signer(leaf, key), intermediates)
    {
    }

    private ServerCertificate(X509Certificate2 leaf, CertificateSigner signer, IReadOnlyList<X509Certificate2> intermediates)
    {
        ArgumentNullException.ThrowIfNull(intermediates);
        Leaf = leaf;
        _signer = signer;
        _kind = CertificateKey.KindOf(leaf);
        _chain = [leaf.RawData, .. intermediates.Select(certificate => certificate.RawData)];
        foreach (X509Extension extension in leaf.Extensions)
        {
            if (extension is not X509SubjectAlternativeNameExtension alternatives) continue;
            _names.UnionWith(alternatives.EnumerateDnsNames());
            _names.UnionWith(alternatives.EnumerateIPAddresses().Select(address => address.ToString()));
        }
    }

    /// <summary>The server's own certificate.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The DER encodings as they are sent, the server's own first.</summary>
    internal ReadOnlySpan<byte[]> Chain => _chain;

    /// <summary>Whether the certificate covers <paramref name="serverName"/>, by a subject alternative name or by a wildcard for its leftmost label.</summary>
    /// <remarks>RFC 9525 §6.3</remarks>
    public bool Covers(string serverName)
    {
        ArgumentNullException.ThrowIfNull(serverName);
        if (_names.Contains(serverName)) return true;
        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _names.Contains(string.Concat("*", serverName.AsSpan(dot)));
    }

    /// <summary>The first scheme of this key that <paramref name="offered"/> holds.</summary>
    internal bool TryChooseScheme(WireScalarList<SignatureScheme> offered, out SignatureScheme scheme)
    {
        foreach (SignatureScheme candidate in CertificateKey.SchemesOf(_kind))
        {
            if (!offered.Contains(candidate)) continue;
            scheme = candidate;
            return true;
        }

        scheme = default;
        return false;
    }

    /// <summary>Signs the input of a CertificateVerify.</summary>
    internal byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> input) => _signer.Sign(scheme, input);

    private static CertificateSigner.Ed25519Signer Ed25519Signer(X509Certificate2 leaf, Ed25519PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(key);
        if (CertificateKey.KindOf(leaf) != CertificateKeyKind.Ed25519 || !key.PublicKey.SequenceEqual(leaf.PublicKey.EncodedKeyValue.RawData))
            throw new ArgumentException("The key is not the certificate's.", nameof(key));
        return new CertificateSigner.Ed25519Signer(key);
    }
}
