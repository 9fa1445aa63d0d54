using System.Diagnostics.CodeAnalysis;
using Vpr.Crypto;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Noise;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel;

/// <summary>A client's proof of its key for one request: a message out, the answer in, then the session's keys.</summary>
/// <remarks>docs/architecture.md, "Authentication is concealed": Noise_IKhfs_25519+MLKEM768_AESGCM_SHA256.</remarks>
/// <param name="clientKey">The client's static key; stays the caller's.</param>
/// <param name="serverPublicKey">The server's static key, 32 bytes.</param>
/// <param name="wanted">What the client asks for.</param>
/// <param name="random">Gives the ephemeral keys.</param>
public sealed class ClientAuthentication(X25519PrivateKey clientKey, ReadOnlyMemory<byte> serverPublicKey, SessionParameters wanted, IRandomSource random)
    : ITunnelCredential, IDisposable
{
    private HandshakeState? _handshake;
    private SessionKeys? _keys;

    /// <inheritdoc/>
    public byte[] CreateRequest(IChannelBinding binding)
    {
        Span<byte> prologue = stackalloc byte[TunnelPrologue.Length];
        TunnelPrologue.Export(binding, prologue);
        _handshake?.Dispose();
        _handshake = HandshakeState.CreateInitiator(HandshakePattern.IKhfs, clientKey, serverPublicKey.Span, prologue, random);
        Span<byte> payload = stackalloc byte[SessionKeys.ParametersLength];
        wanted.Write(payload);
        var message = new byte[_handshake.NextMessageOverhead + payload.Length];
        if (!_handshake.TryWriteMessage(payload, message, out _))
            throw new ArgumentException("The server's public key is no X25519 key.");
        return message;
    }

    /// <inheritdoc/>
    public bool TryAcceptResponse(ReadOnlySpan<byte> message)
    {
        Span<byte> payload = stackalloc byte[SessionKeys.ParametersLength];
        if (_handshake is not { } handshake
            || message.Length != handshake.NextMessageOverhead + payload.Length
            || !handshake.TryReadMessage(message, payload, out int length)
            || !SessionParameters.TryParse(payload[..length], out SessionParameters granted, out _))
            return false;
        _keys = SessionKeys.Create(handshake, granted);
        return true;
    }

    /// <summary>The session's keys, once the response was accepted; the caller disposes them.</summary>
    public bool TryTakeKeys([NotNullWhen(true)] out SessionKeys? keys)
    {
        (keys, _keys) = (_keys, null);
        return keys is not null;
    }

    /// <summary>Erases the handshake's keys, and the session's unless they were taken.</summary>
    public void Dispose()
    {
        _handshake?.Dispose();
        _keys?.Dispose();
    }
}
