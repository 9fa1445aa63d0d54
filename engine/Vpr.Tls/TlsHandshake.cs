using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Vpr.Tls;

/// <summary>One end of a TLS 1.3 handshake whose records are QUIC's CRYPTO frames.</summary>
/// <remarks>
/// <para>RFC 8446 §4, RFC 9001 §4. Sans-IO: QUIC gives the peer's bytes to <see cref="Receive"/> and afterwards takes secrets
/// (<see cref="TryTakeSecret"/>) until there is none, then output (<see cref="TryTakeOutput"/>) until there is none. A client has output
/// as soon as it is made.</para>
/// <para>Nothing a peer sends makes a member throw. Not safe for use by two threads at once.</para>
/// </remarks>
public abstract class TlsHandshake : IDisposable
{
    private protected TlsHandshake()
    {
    }

    /// <summary>Whether the handshake is complete: this end has sent Finished and verified the peer's.</summary>
    /// <remarks>RFC 9001 §4.1.1. Stays true afterwards, unless a later message of the peer is wrong.</remarks>
    public abstract bool IsComplete { get; }

    /// <summary>The alert to close the connection with, once the handshake has failed; until then null.</summary>
    public abstract TlsAlert? Alert { get; }

    /// <summary>Why the server's certificate was refused; <see cref="CertificateFailure.None"/> when it was not, and always on a server.</summary>
    public abstract CertificateFailure CertificateFailure { get; }

    /// <summary>The negotiated suite; null before ServerHello.</summary>
    public abstract CipherSuite? CipherSuite { get; }

    /// <summary>The protocol chosen by ALPN; null before it is chosen.</summary>
    /// <remarks>RFC 7301. A client may rely on it only once <see cref="IsComplete"/>.</remarks>
    public abstract string? NegotiatedProtocol { get; }

    /// <summary>The server name that the client asked for; null when it asked for none (an IP address has no server_name).</summary>
    /// <remarks>RFC 6066 §3. On a server null before ClientHello.</remarks>
    public abstract string? ServerName { get; }

    /// <summary>The body of the peer's quic_transport_parameters extension; null before it has come, never null once <see cref="IsComplete"/>.</summary>
    /// <remarks>RFC 9001 §8.2. Not authenticated until <see cref="IsComplete"/>. Lives as long as the handshake.</remarks>
    public abstract ReadOnlyMemory<byte>? PeerTransportParameters { get; }

    /// <summary>The server's certificate on a client, once it has come; null on a server. Disposed with the handshake.</summary>
    public abstract X509Certificate2? PeerCertificate { get; }

    /// <summary>Takes the next bytes of the peer's CRYPTO stream of one level, in order, however they are cut.</summary>
    /// <param name="level">The level of the packets that carried them.</param>
    /// <param name="cryptoData">The bytes; they are copied as far as they are kept.</param>
    /// <returns>False when the handshake has failed, now or before: see <see cref="Alert"/>.</returns>
    public abstract bool Receive(EncryptionLevel level, ReadOnlySpan<byte> cryptoData);

    /// <summary>Takes the next bytes for this end's CRYPTO streams.</summary>
    /// <param name="level">The level to send them at.</param>
    /// <param name="cryptoData">The bytes, all that wait at that level; valid until the next call of any member.</param>
    /// <returns>False when nothing waits.</returns>
    public abstract bool TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> cryptoData);

    /// <summary>Takes the next traffic secret, in the order in which QUIC installs them.</summary>
    /// <param name="secret">The secret, which the caller owns and disposes.</param>
    /// <returns>False when none waits.</returns>
    /// <remarks>
    /// A server that takes its 1-RTT read secret must still hold 1-RTT packets back until <see cref="IsComplete"/> (RFC 9001 §5.7); here that
    /// secret is handed out only then.
    /// </remarks>
    public abstract bool TryTakeSecret([NotNullWhen(true)] out TrafficSecret? secret);

    /// <summary>Derives keying material that both ends of this handshake, and nobody else, can know.</summary>
    /// <param name="label">The label, ASCII, 1 to 249 bytes.</param>
    /// <param name="context">The context; empty is the same as none (RFC 8446 §7.5).</param>
    /// <param name="output">Where the material goes, 1 to 255 times the hash's length.</param>
    /// <remarks>RFC 8446 §7.5</remarks>
    /// <exception cref="InvalidOperationException">Not <see cref="IsComplete"/>.</exception>
    public abstract void ExportKeyingMaterial(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output);

    /// <summary>Erases every secret.</summary>
    public abstract void Dispose();
}
