using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>One end of a TLS 1.3 handshake whose records are QUIC's CRYPTO frames.</summary>
/// <remarks>
/// <para>RFC 8446 §4, RFC 9001 §4. Sans-IO: QUIC gives the peer's bytes to <see cref="Receive"/> and afterwards takes secrets
/// (<see cref="TryTakeSecret"/>) until there is none, then output (<see cref="TryTakeOutput"/>) until there is none. A client has output
/// as soon as it is made.</para>
/// <para>Nothing a peer sends makes a member throw. Not safe for use by two threads at once.</para>
/// </remarks>
public abstract partial class TlsHandshake : IDisposable
{
    private readonly HandshakeOutput _output = new();
    private readonly Queue<TrafficSecret> _secrets = new();
    private bool _disposed;

    private protected TlsHandshake()
    {
    }

    /// <summary>Whether the handshake is complete: this end has sent Finished and verified the peer's.</summary>
    /// <remarks>RFC 9001 §4.1.1. Stays true afterwards, unless a later message of the peer is wrong.</remarks>
    public abstract bool IsComplete { get; }

    /// <summary>The alert to close the connection with, once the handshake has failed; until then null.</summary>
    public TlsAlert? Alert { get; private set; }

    /// <summary>Why the server's certificate was refused; <see cref="CertificateFailure.None"/> when it was not, and always on a server.</summary>
    public CertificateFailure CertificateFailure { get; private protected set; }

    /// <summary>The negotiated suite; null before ServerHello.</summary>
    public CipherSuite? CipherSuite => Keys?.CipherSuite;

    /// <summary>The key exchange; null before it is chosen.</summary>
    public NamedGroup? KeyExchange { get; private protected set; }

    /// <summary>The protocol chosen by ALPN; null before it is chosen.</summary>
    /// <remarks>RFC 7301. A client may rely on it only once <see cref="IsComplete"/>.</remarks>
    public string? NegotiatedProtocol { get; private protected set; }

    /// <summary>The server name that the client sent; null when it sent none (an IP address has no server_name).</summary>
    /// <remarks>RFC 6066 §3. On a server null before ClientHello.</remarks>
    public string? ServerName { get; private protected set; }

    /// <summary>The body of the peer's quic_transport_parameters extension; null before it has come, never null once <see cref="IsComplete"/>.</summary>
    /// <remarks>RFC 9001 §8.2. Not authenticated until <see cref="IsComplete"/>. Lives as long as the handshake.</remarks>
    public ReadOnlyMemory<byte>? PeerTransportParameters { get; private protected set; }

    /// <summary>The server's certificate on a client, once it has come; null on a server. Disposed with the handshake.</summary>
    public X509Certificate2? PeerCertificate { get; private protected set; }

    /// <summary>Transcript and secrets; null until the suite is known.</summary>
    private protected HandshakeKeys? Keys { get; set; }

    /// <summary>Takes the next bytes for this end's CRYPTO streams.</summary>
    /// <param name="level">The level to send them at.</param>
    /// <param name="cryptoData">The bytes, all that wait at that level; valid until the next call of any member.</param>
    /// <returns>False when nothing waits.</returns>
    public bool TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> cryptoData) => _output.TryTake(out level, out cryptoData);

    /// <summary>Takes the next traffic secret, in the order in which QUIC installs them.</summary>
    /// <param name="secret">The secret, which the caller owns and disposes.</param>
    /// <returns>False when none waits.</returns>
    /// <remarks>A server gets the secret that opens 1-RTT packets only once <see cref="IsComplete"/>, as RFC 9001 §5.7 asks.</remarks>
    public bool TryTakeSecret([NotNullWhen(true)] out TrafficSecret? secret) => _secrets.TryDequeue(out secret);

    /// <summary>Derives keying material that both ends of this handshake, and nobody else, can know.</summary>
    /// <param name="label">The label, ASCII, 1 to 249 bytes.</param>
    /// <param name="context">The context; empty is the same as none (RFC 8446 §7.5).</param>
    /// <param name="output">Where the material goes, 1 to 255 times the hash's length.</param>
    /// <remarks>RFC 8446 §7.5</remarks>
    /// <exception cref="InvalidOperationException">Not <see cref="IsComplete"/>.</exception>
    /// <exception cref="ObjectDisposedException">The secrets are erased.</exception>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!IsComplete) throw new InvalidOperationException("The handshake is not complete.");
        Keys!.Export(label, context, output);
    }

    /// <summary>Erases every secret.</summary>
    public virtual void Dispose()
    {
        _disposed = true;
        Keys?.Dispose();
        while (_secrets.TryDequeue(out TrafficSecret? secret)) secret.Dispose();
        PeerCertificate?.Dispose();
    }

    /// <summary>Adds a message of this end to the transcript, if there is one yet, and to the output.</summary>
    private protected void Send(EncryptionLevel level, ReadOnlySpan<byte> message)
    {
        Keys?.Transcript.Append(message);
        _output.Append(level, message);
    }

    /// <summary>Sends the Finished of this end at the Handshake level.</summary>
    /// <param name="ownTraffic">This end's handshake traffic secret.</param>
    private protected void SendFinished(ReadOnlySpan<byte> ownTraffic)
    {
        Span<byte> verifyData = stackalloc byte[Keys!.HashLength];
        Keys.Finished(ownTraffic, verifyData);
        var finished = new Finished { VerifyData = verifyData };
        Span<byte> message = stackalloc byte[finished.EncodedLength];
        finished.Write(message);
        Send(EncryptionLevel.Handshake, message);
    }

    /// <summary>Checks the peer's Finished and adds it to the transcript.</summary>
    /// <param name="message">The message, header included.</param>
    /// <param name="peerTraffic">The peer's handshake traffic secret.</param>
    /// <returns>Null, or the alert that answers it.</returns>
    private protected TlsAlert? VerifyFinished(ReadOnlySpan<byte> message, ReadOnlySpan<byte> peerTraffic)
    {
        if (!Finished.TryParse(message, out Finished finished, out int consumed) || consumed != message.Length
            || finished.VerifyData.Length != Keys!.HashLength)
            return TlsAlert.DecodeError;
        Span<byte> expected = stackalloc byte[Keys.HashLength];
        Keys.Finished(peerTraffic, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, finished.VerifyData)) return TlsAlert.DecryptError;
        Keys.Transcript.Append(message);
        return null;
    }

    /// <summary>Queues a secret for QUIC to install.</summary>
    private protected void Install(EncryptionLevel level, SecretDirection direction, ReadOnlySpan<byte> secret) =>
        _secrets.Enqueue(new TrafficSecret(level, direction, Keys!.CipherSuite, secret));
}
