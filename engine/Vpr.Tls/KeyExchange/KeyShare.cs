using Vpr.Crypto;
using Vpr.Io;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The private half of a key_share entry, until the peer's share turns it into a secret.</summary>
/// <remarks>RFC 8446 §4.2.8</remarks>
internal abstract class KeyShare : IDisposable
{
    /// <summary>The longest shared secret of a group, in bytes.</summary>
    public const int MaxSecretLength = 64;

    private protected KeyShare(NamedGroup group) => Group = group;

    /// <summary>The group of both halves.</summary>
    public NamedGroup Group { get; }

    /// <summary>The key_exchange field to send; lives as long as this object.</summary>
    public abstract ReadOnlySpan<byte> PublicShare { get; }

    /// <summary>Whether shares of <paramref name="group"/> can be made.</summary>
    public static bool IsSupported(NamedGroup group) =>
        group is NamedGroup.X25519MLKEM768 or NamedGroup.X25519 or NamedGroup.Secp256r1;

    /// <summary>A fresh share for a ClientHello.</summary>
    /// <param name="group">A supported group.</param>
    /// <param name="random">Where the private key comes from.</param>
    public static KeyShare Create(NamedGroup group, IRandomSource random) => group switch
    {
        NamedGroup.X25519MLKEM768 => new X25519MLKEM768KeyShare(random),
        NamedGroup.X25519 => new X25519KeyShare(random),
        NamedGroup.Secp256r1 => new P256KeyShare(random),
        _ => throw new ArgumentOutOfRangeException(nameof(group)),
    };

    /// <summary>Answers a client's share with the server's, and agrees on the secret.</summary>
    /// <param name="group">A supported group.</param>
    /// <param name="clientShare">The client's key_exchange field, unchecked.</param>
    /// <param name="random">Where this end's secrets come from.</param>
    /// <param name="serverShare">The key_exchange field to send.</param>
    /// <param name="secret">Room for <see cref="MaxSecretLength"/> bytes.</param>
    /// <param name="secretLength">Bytes of the secret.</param>
    /// <returns>False when the client's share is not a valid one of the group.</returns>
    public static bool TryAnswer(NamedGroup group, ReadOnlySpan<byte> clientShare, IRandomSource random, out byte[] serverShare, Span<byte> secret, out int secretLength)
    {
        if (group == NamedGroup.X25519MLKEM768)
            return X25519MLKEM768KeyShare.TryEncapsulate(clientShare, random, out serverShare, secret, out secretLength);
        using KeyShare own = Create(group, random);
        serverShare = own.PublicShare.ToArray();
        return own.TryAgree(clientShare, secret, out secretLength);
    }

    /// <summary>Agrees on the secret with the server's answer.</summary>
    /// <param name="peerShare">The peer's key_exchange field, unchecked.</param>
    /// <param name="secret">Room for <see cref="MaxSecretLength"/> bytes.</param>
    /// <param name="secretLength">Bytes of the secret.</param>
    /// <returns>False when the peer's share is not a valid one of the group.</returns>
    public abstract bool TryAgree(ReadOnlySpan<byte> peerShare, Span<byte> secret, out int secretLength);

    public abstract void Dispose();
}

/// <summary>X25519 alone.</summary>
/// <remarks>RFC 8446 §4.2.8.2, §7.4.2</remarks>
internal sealed class X25519KeyShare(IRandomSource random) : KeyShare(NamedGroup.X25519)
{
    private readonly X25519PrivateKey _key = X25519PrivateKey.Generate(random);

    public override ReadOnlySpan<byte> PublicShare => _key.PublicKey;

    public override bool TryAgree(ReadOnlySpan<byte> peerShare, Span<byte> secret, out int secretLength)
    {
        secretLength = X25519.KeyLength;
        return _key.Agree(peerShare, secret[..X25519.KeyLength]);
    }

    public override void Dispose() => _key.Dispose();
}

/// <summary>ECDH on P-256; shares are uncompressed points.</summary>
/// <remarks>RFC 8446 §4.2.8.2, §7.4.2</remarks>
internal sealed class P256KeyShare(IRandomSource random) : KeyShare(NamedGroup.Secp256r1)
{
    private readonly P256KeyAgreement _key = P256KeyAgreement.Generate(random);

    public override ReadOnlySpan<byte> PublicShare => _key.PublicKey;

    public override bool TryAgree(ReadOnlySpan<byte> peerShare, Span<byte> secret, out int secretLength)
    {
        secretLength = P256KeyAgreement.SecretLength;
        return _key.Agree(peerShare, secret[..P256KeyAgreement.SecretLength]);
    }

    public override void Dispose() => _key.Dispose();
}
