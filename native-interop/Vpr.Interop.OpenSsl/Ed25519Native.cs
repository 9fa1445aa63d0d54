namespace Vpr.Interop.OpenSsl;

/// <summary>Ed25519 by libcrypto.</summary>
/// <remarks>RFC 8032 §5.1. Keys are 32 bytes, signatures 64; lengths that differ throw <see cref="ArgumentException"/>.</remarks>
public static unsafe class Ed25519Native
{
    private const int SignatureLength = 64;

    /// <summary>A private key from its 32-byte seed, which libcrypto copies.</summary>
    public static EvpKey ImportPrivateKey(ReadOnlySpan<byte> seed) => RawKey.ImportPrivate(LibCrypto.Ed25519, seed);

    /// <summary>Writes the 32 bytes of the public key that belongs to <paramref name="privateKey"/>.</summary>
    public static void ExportPublicKey(EvpKey privateKey, Span<byte> destination) => RawKey.ExportPublic(privateKey, destination);

    /// <summary>Writes the 32-byte seed of <paramref name="privateKey"/>.</summary>
    public static void ExportPrivateKey(EvpKey privateKey, Span<byte> destination) => RawKey.ExportPrivate(privateKey, destination);

    /// <summary>Signs <paramref name="message"/>; the signature is deterministic.</summary>
    public static void Sign(EvpKey privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (signature.Length != SignatureLength) throw new ArgumentException("A signature is 64 bytes.", nameof(signature));

        using EvpDigestContext context = LibCrypto.NewDigestContext();
        if (context.IsInvalid || LibCrypto.DigestSignInit(context, 0, 0, 0, privateKey) != 1) throw RawKey.Failed(null);

        nuint written = SignatureLength;
        // Both spans are pinned for the call; their lengths go with them. A null message pointer goes with length 0.
        fixed (byte* target = signature, source = message)
        {
            if (LibCrypto.DigestSign(context, target, ref written, source, (nuint)message.Length) != 1 || written != SignatureLength)
                throw RawKey.Failed(null);
        }
    }

    /// <summary>Whether <paramref name="signature"/> is the key's signature of <paramref name="message"/>.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength) throw new ArgumentException("A signature is 64 bytes.", nameof(signature));

        using EvpKey key = RawKey.ImportPublic(LibCrypto.Ed25519, publicKey);
        if (key.IsInvalid) return Refused();

        using EvpDigestContext context = LibCrypto.NewDigestContext();
        if (context.IsInvalid) throw RawKey.Failed(null);
        if (LibCrypto.DigestVerifyInit(context, 0, 0, 0, key) != 1) return Refused();

        // Both spans are pinned for the call; their lengths go with them. A null message pointer goes with length 0.
        fixed (byte* proof = signature, source = message)
        {
            return LibCrypto.DigestVerify(context, proof, SignatureLength, source, (nuint)message.Length) == 1 || Refused();
        }
    }

    private static bool Refused()
    {
        LibCrypto.ClearErrors();
        return false;
    }
}
