using Vpr.Crypto;
using Vpr.Io;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>ML-KEM-768 and X25519 side by side, ML-KEM first in shares and secret.</summary>
/// <remarks>
/// draft-ietf-tls-ecdhe-mlkem §4: the client's share is the encapsulation key and the X25519 key, the server's the ciphertext and the X25519
/// key, the secret both secrets one behind the other.
/// </remarks>
internal sealed class X25519MLKEM768KeyShare : KeyShare
{
    private const int ServerShareLength = MlKem768.CiphertextLength + X25519.KeyLength;
    private const int SecretLength = MlKem768.SharedSecretLength + X25519.KeyLength;

    private readonly MlKem768DecapsulationKey _decapsulationKey;
    private readonly X25519PrivateKey _x25519;
    private readonly byte[] _publicShare;

    public X25519MLKEM768KeyShare(IRandomSource random)
        : base(NamedGroup.X25519MLKEM768)
    {
        _decapsulationKey = MlKem768DecapsulationKey.Generate(random);
        _x25519 = X25519PrivateKey.Generate(random);
        _publicShare = [.. _decapsulationKey.EncapsulationKey, .. _x25519.PublicKey];
    }

    public override ReadOnlySpan<byte> PublicShare => _publicShare;

    /// <summary>The server's half: see <see cref="KeyShare.TryAnswer"/>.</summary>
    public static bool TryEncapsulate(ReadOnlySpan<byte> clientShare, IRandomSource random, out byte[] serverShare, Span<byte> secret, out int secretLength)
    {
        serverShare = new byte[ServerShareLength];
        secretLength = SecretLength;
        if (clientShare.Length != MlKem768.EncapsulationKeyLength + X25519.KeyLength) return false;
        using X25519PrivateKey own = X25519PrivateKey.Generate(random);
        own.PublicKey.CopyTo(serverShare.AsSpan(MlKem768.CiphertextLength));
        return MlKem768.Encapsulate(
                clientShare[..MlKem768.EncapsulationKeyLength],
                random,
                serverShare.AsSpan(0, MlKem768.CiphertextLength),
                secret[..MlKem768.SharedSecretLength])
            && own.Agree(clientShare[MlKem768.EncapsulationKeyLength..], secret[MlKem768.SharedSecretLength..SecretLength]);
    }

    public override bool TryAgree(ReadOnlySpan<byte> peerShare, Span<byte> secret, out int secretLength)
    {
        secretLength = SecretLength;
        return peerShare.Length == ServerShareLength
            && _decapsulationKey.Decapsulate(peerShare[..MlKem768.CiphertextLength], secret[..MlKem768.SharedSecretLength])
            && _x25519.Agree(peerShare[MlKem768.CiphertextLength..], secret[MlKem768.SharedSecretLength..SecretLength]);
    }

    public override void Dispose()
    {
        _decapsulationKey.Dispose();
        _x25519.Dispose();
    }
}
