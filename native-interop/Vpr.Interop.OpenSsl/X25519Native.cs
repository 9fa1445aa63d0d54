namespace Vpr.Interop.OpenSsl;

/// <summary>X25519 by libcrypto.</summary>
/// <remarks>RFC 7748 §5. Private keys, public keys and secrets are 32 bytes; lengths that differ throw <see cref="ArgumentException"/>.</remarks>
public static unsafe class X25519Native
{
    /// <summary>A private key from its 32 bytes, which libcrypto copies; clamping is done where the key is used.</summary>
    public static EvpKey ImportPrivateKey(ReadOnlySpan<byte> privateKey) => RawKey.ImportPrivate(LibCrypto.X25519, privateKey);

    /// <summary>Writes the 32 bytes of the public key that belongs to <paramref name="privateKey"/>.</summary>
    public static void ExportPublicKey(EvpKey privateKey, Span<byte> destination) => RawKey.ExportPublic(privateKey, destination);

    /// <summary>Writes the 32 bytes of <paramref name="privateKey"/> as they were imported.</summary>
    public static void ExportPrivateKey(EvpKey privateKey, Span<byte> destination) => RawKey.ExportPrivate(privateKey, destination);

    /// <summary>Computes the shared secret of 32 bytes.</summary>
    /// <returns>Whether there is one; false when the peer's point has small order and the secret would be all zero (RFC 7748 §6.1). The destination is then cleared.</returns>
    public static bool Agree(EvpKey privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        if (secret.Length != RawKey.Length) throw new ArgumentException("A shared secret is 32 bytes.", nameof(secret));

        using EvpKey peer = RawKey.ImportPublic(LibCrypto.X25519, peerPublicKey);
        if (peer.IsInvalid) return Refused(secret);

        using EvpKeyContext context = LibCrypto.NewKeyContext(privateKey, 0);
        if (context.IsInvalid || LibCrypto.DeriveInit(context) != 1) throw RawKey.Failed(null);
        if (LibCrypto.DeriveSetPeer(context, peer) != 1) return Refused(secret);

        nuint written = RawKey.Length;
        // Pinned for the call; `written` tells libcrypto how much room there is.
        fixed (byte* target = secret)
        {
            if (LibCrypto.Derive(context, target, ref written) != 1 || written != RawKey.Length) return Refused(secret);
        }

        return true;
    }

    private static bool Refused(Span<byte> secret)
    {
        secret.Clear();
        LibCrypto.ClearErrors();
        return false;
    }
}
