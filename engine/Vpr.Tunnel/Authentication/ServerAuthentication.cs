using System.Diagnostics.CodeAnalysis;
using Vpr.Crypto;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Noise;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel;

/// <summary>A server's judgement of a request's credentials: whose key it is, and, once the server admits that key, its answer and the session's keys.</summary>
/// <remarks>
/// docs/architecture.md, "Authentication is concealed". A request that fails here is the website's to answer; nothing tells the two apart.
/// </remarks>
public sealed class ServerAuthentication : IDisposable
{
    private readonly HandshakeState _handshake;
    private readonly SessionParameters _requested;

    private ServerAuthentication(HandshakeState handshake, SessionParameters requested) =>
        (_handshake, _requested) = (handshake, requested);

    /// <summary>The client's static key, 32 bytes: authentic, because the message proves it, and fresh, because the message is bound to the connection.</summary>
    public ReadOnlySpan<byte> ClientPublicKey => _handshake.RemoteStaticKey;

    /// <summary>What the client asks for.</summary>
    public SessionParameters Requested => _requested;

    /// <summary>Reads a request's message.</summary>
    /// <param name="message">The message, of any content.</param>
    /// <param name="binding">What ties it to the connection.</param>
    /// <param name="serverKey">The server's static key; stays the caller's.</param>
    /// <param name="random">Gives the ephemeral keys.</param>
    /// <param name="authentication">The client, still to be admitted; the caller disposes it.</param>
    /// <returns>False when it is no credential of ours, made for another server or another connection, or forged.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> message, IChannelBinding binding, X25519PrivateKey serverKey, IRandomSource random,
        [NotNullWhen(true)] out ServerAuthentication? authentication)
    {
        authentication = null;
        Span<byte> prologue = stackalloc byte[TunnelPrologue.Length];
        TunnelPrologue.Export(binding, prologue);
        HandshakeState handshake = HandshakeState.CreateResponder(HandshakePattern.IKhfs, serverKey, prologue, random);
        Span<byte> payload = stackalloc byte[SessionKeys.ParametersLength];
        if (message.Length == handshake.NextMessageOverhead + payload.Length
            && handshake.TryReadMessage(message, payload, out int length)
            && SessionParameters.TryParse(payload[..length], out SessionParameters requested, out _))
        {
            authentication = new ServerAuthentication(handshake, requested);
            return true;
        }

        handshake.Dispose();
        return false;
    }

    /// <summary>Admits the client.</summary>
    /// <param name="granted">What the session will have.</param>
    /// <param name="keys">The session's keys; the caller disposes them.</param>
    /// <returns>The response's message.</returns>
    public byte[] Accept(SessionParameters granted, out SessionKeys keys)
    {
        Span<byte> payload = stackalloc byte[SessionKeys.ParametersLength];
        granted.Write(payload);
        var message = new byte[_handshake.NextMessageOverhead + payload.Length];
        if (!_handshake.TryWriteMessage(payload, message, out _))
            throw new InvalidOperationException("A handshake is answered once.");
        keys = SessionKeys.Create(_handshake, granted);
        return message;
    }

    /// <summary>Erases the handshake's keys; the session's live on.</summary>
    public void Dispose() => _handshake.Dispose();
}
