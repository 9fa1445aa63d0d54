using System.Security.Cryptography;
using Vpr.Crypto;

namespace Vpr.Noise;

public sealed partial class HandshakeState
{
    /// <summary>Writes the next message.</summary>
    /// <param name="payload">What the message carries; encrypted as soon as the pattern has a key, in clear before that.</param>
    /// <param name="destination">At least <see cref="NextMessageOverhead"/> bytes longer than the payload; apart from it.</param>
    /// <param name="written">Bytes of the message; 0 when false is returned.</param>
    /// <returns>False when a key that the peer sent before turns out to be useless: the handshake has failed.</returns>
    /// <exception cref="InvalidOperationException">It is not this side's turn.</exception>
    /// <exception cref="ArgumentException">The destination is too short or the message would be longer than <see cref="MaxMessageLength"/>.</exception>
    public bool TryWriteMessage(ReadOnlySpan<byte> payload, Span<byte> destination, out int written)
    {
        if (!IsWriting) throw new InvalidOperationException("It is not this side's turn to write.");
        int length = NextMessageOverhead + payload.Length;
        if (length > MaxMessageLength) throw new ArgumentException("The payload does not fit a Noise message.", nameof(payload));
        if (destination.Length < length) throw new ArgumentException($"The message needs {length} bytes.", nameof(destination));

        written = 0;
        Span<byte> rest = destination[..length];
        foreach (HandshakeToken token in NextTokens())
        {
            if (!TryWriteToken(token, ref rest))
            {
                destination[..length].Clear();
                return Fail();
            }
        }

        payload.CopyTo(rest);
        _symmetric.EncryptAndHash(rest, payload.Length);
        written = length;
        _next++;
        return true;
    }

    private bool TryWriteToken(HandshakeToken token, ref Span<byte> rest)
    {
        switch (token)
        {
            case HandshakeToken.E:
                _ephemeral = X25519PrivateKey.Generate(_random);
                _ephemeral.PublicKey.CopyTo(rest);
                _symmetric.MixHash(_ephemeral.PublicKey);
                rest = rest[PublicKeyLength..];
                return true;

            case HandshakeToken.S:
                _static.PublicKey.CopyTo(rest);
                rest = rest[_symmetric.EncryptAndHash(rest, PublicKeyLength)..];
                return true;

            case HandshakeToken.E1:
                _kem = MlKem768DecapsulationKey.Generate(_random);
                _kem.EncapsulationKey.CopyTo(rest);
                rest = rest[_symmetric.EncryptAndHash(rest, MlKem768.EncapsulationKeyLength)..];
                return true;

            case HandshakeToken.Ekem1:
                return TryWriteCiphertext(ref rest);

            default:
                return TryMixDiffieHellman(token);
        }
    }

    private bool TryWriteCiphertext(ref Span<byte> rest)
    {
        Span<byte> secret = stackalloc byte[MlKem768.SharedSecretLength];
        bool encapsulated = MlKem768.Encapsulate(_remoteKem, _random, rest[..MlKem768.CiphertextLength], secret);
        if (encapsulated)
        {
            rest = rest[_symmetric.EncryptAndHash(rest, MlKem768.CiphertextLength)..];
            _symmetric.MixKey(secret);
        }

        CryptographicOperations.ZeroMemory(secret);
        return encapsulated;
    }
}
