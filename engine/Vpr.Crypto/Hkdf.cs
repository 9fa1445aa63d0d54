using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>Extract-and-expand key derivation, and the labelled form of TLS 1.3 and QUIC.</summary>
/// <remarks>RFC 5869, RFC 8446 §7.1</remarks>
public static class Hkdf
{
    private const int MaxVector = 255;

    private static ReadOnlySpan<byte> LabelPrefix => "tls13 "u8;

    /// <summary>Condenses <paramref name="inputKeyMaterial"/> into a pseudorandom key.</summary>
    /// <remarks>RFC 5869 §2.2. This is HMAC with the salt as its key and the material as its message.</remarks>
    /// <param name="hash">The hash function.</param>
    /// <param name="salt">Any length; empty stands for as many zeros as the hash has bytes.</param>
    /// <param name="inputKeyMaterial">Any length.</param>
    /// <param name="pseudorandomKey">Receives exactly the bytes of the hash.</param>
    public static void Extract(HkdfHash hash, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyMaterial, Span<byte> pseudorandomKey)
    {
        Throw.IfLengthIsNot(hash.Length(), pseudorandomKey);

        // Not HKDF.Extract: over OpenSSL 3.0 it refuses empty material, which the Split of Noise gives.
        if (hash == HkdfHash.Sha256) HMACSHA256.HashData(salt, inputKeyMaterial, pseudorandomKey);
        else HMACSHA384.HashData(salt, inputKeyMaterial, pseudorandomKey);
    }

    /// <summary>Stretches a pseudorandom key to <paramref name="output"/>.</summary>
    /// <remarks>RFC 5869 §2.3</remarks>
    /// <param name="hash">The hash function.</param>
    /// <param name="pseudorandomKey">At least the bytes of the hash.</param>
    /// <param name="info">What the output is for; any length.</param>
    /// <param name="output">1 to 255 times the bytes of the hash.</param>
    public static void Expand(HkdfHash hash, ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.Expand(hash.Name(), pseudorandomKey, output, info);

    /// <summary>HKDF-Expand-Label: the output is bound to its length, a label and a context.</summary>
    /// <remarks>RFC 8446 §7.1; RFC 9001 §5.1 uses it with an empty context.</remarks>
    /// <param name="hash">The hash function.</param>
    /// <param name="secret">At least the bytes of the hash.</param>
    /// <param name="label">The label without its "tls13 " prefix, 1 to 249 bytes of ASCII: <c>"quic key"u8</c>.</param>
    /// <param name="context">0 to 255 bytes, most often empty or a transcript hash.</param>
    /// <param name="output">1 to 255 times the bytes of the hash.</param>
    public static void ExpandLabel(HkdfHash hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        int labelLength = LabelPrefix.Length + label.Length;
        ArgumentOutOfRangeException.ThrowIfZero(label.Length, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labelLength, MaxVector, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Length, MaxVector, nameof(context));

        // struct { uint16 length; opaque label<7..255>; opaque context<0..255>; } HkdfLabel
        Span<byte> info = stackalloc byte[sizeof(ushort) + 1 + MaxVector + 1 + MaxVector];
        BinaryPrimitives.WriteUInt16BigEndian(info, checked((ushort)output.Length));
        int at = sizeof(ushort);
        info[at++] = (byte)labelLength;
        LabelPrefix.CopyTo(info[at..]);
        label.CopyTo(info[(at + LabelPrefix.Length)..]);
        at += labelLength;
        info[at++] = (byte)context.Length;
        context.CopyTo(info[at..]);
        at += context.Length;

        Expand(hash, secret, info[..at], output);
    }
}
