using System.Security.Cryptography;
using Vpr.Crypto;

namespace Vpr.Noise;

public sealed partial class HandshakeState
{
    /// <summary>Reads the next message.</summary>
    /// <param name="message">The peer's bytes, of any length and content.</param>
    /// <param name="payload">Receives what the message carries; a buffer as long as the message always suffices.</param>
    /// <param name="length">Bytes of the payload; 0 when false is returned.</param>
    /// <returns>False when the message does not fit or is not authentic: the handshake has failed.</returns>
    /// <exception cref="InvalidOperationException">It is not this side's turn to read.</exception>
    /// <exception cref="ArgumentException">The buffer for the payload is too short.</exception>
    public bool TryReadMessage(ReadOnlySpan<byte> message, Span<byte> payload, out int length)
    {
        if (IsFailed || IsComplete || IsWriting) throw new InvalidOperationException("It is not this side's turn to read.");
        length = 0;
        int carried = message.Length - NextMessageOverhead;
        if (carried < 0 || message.Length > MaxMessageLength) return Fail();
        if (payload.Length < carried) throw new ArgumentException($"The payload needs {carried} bytes.", nameof(payload));

        ReadOnlySpan<byte> rest = message;
        foreach (HandshakeToken token in NextTokens())
        {
            if (!TryReadToken(token, ref rest)) return Fail();
        }

        if (!_symmetric.DecryptAndHash(rest, payload[..carried])) return Fail();
        length = carried;
        _next++;
        return true;
    }

    private bool TryReadToken(HandshakeToken token, ref ReadOnlySpan<byte> rest)
    {
        switch (token)
        {
            case HandshakeToken.E:
                rest[..PublicKeyLength].CopyTo(_remoteEphemeral);
                _symmetric.MixHash(_remoteEphemeral);
                rest = rest[PublicKeyLength..];
                return true;

            case HandshakeToken.S:
                _hasRemoteStatic = TryReadEncrypted(ref rest, _remoteStatic);
                return _hasRemoteStatic;

            case HandshakeToken.E1:
                _remoteKem = new byte[MlKem768.EncapsulationKeyLength];
                return TryReadEncrypted(ref rest, _remoteKem);

            case HandshakeToken.Ekem1:
                return TryReadCiphertext(ref rest);

            default:
                return TryMixDiffieHellman(token);
        }
    }

    private bool TryReadEncrypted(ref ReadOnlySpan<byte> rest, scoped Span<byte> plaintext)
    {
        int length = plaintext.Length + (_symmetric.HasKey ? CipherState.TagLength : 0);
        ReadOnlySpan<byte> part = rest[..length];
        rest = rest[length..];
        return _symmetric.DecryptAndHash(part, plaintext);
    }

    private bool TryReadCiphertext(ref ReadOnlySpan<byte> rest)
    {
        Span<byte> ciphertext = stackalloc byte[MlKem768.CiphertextLength];
        Span<byte> secret = stackalloc byte[MlKem768.SharedSecretLength];
        if (!TryReadEncrypted(ref rest, ciphertext)) return false;
        _kem!.Decapsulate(ciphertext, secret);
        _symmetric.MixKey(secret);
        CryptographicOperations.ZeroMemory(secret);
        return true;
    }
}
