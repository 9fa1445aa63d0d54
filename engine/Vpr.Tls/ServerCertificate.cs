using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Vpr.Tls;

/// <summary>A server's certificate with its private key and the chain above it, and the names it answers to.</summary>
/// <remarks>Immutable; one serves any number of handshakes, of any number of loops. Does not own the certificates.</remarks>
public sealed partial class ServerCertificate
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[][] _chain;

    /// <summary>Reads names and encodings once.</summary>
    /// <param name="leaf">The server's certificate, with its private key.</param>
    /// <param name="intermediates">The certificates above it, nearest first, the root left out; may be empty.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public ServerCertificate(X509Certificate2 leaf, params IReadOnlyList<X509Certificate2> intermediates)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(intermediates);
        if (!leaf.HasPrivateKey) throw new ArgumentException("A server certificate needs its private key.", nameof(leaf));
        Leaf = leaf;
        _chain = [leaf.RawData, .. intermediates.Select(c => c.RawData)];
        foreach (X509Extension extension in leaf.Extensions)
        {
            if (extension is not X509SubjectAlternativeNameExtension alternatives) continue;
            _names.UnionWith(alternatives.EnumerateDnsNames());
            _names.UnionWith(alternatives.EnumerateIPAddresses().Select((IPAddress address) => address.ToString()));
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
}
