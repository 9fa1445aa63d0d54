using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Vpr.Quic;

/// <summary>The 16 bytes that let an end without state close a connection.</summary>
/// <remarks>RFC 9000 §10.3. Has no equality operators and no text: it is a secret until it is used.</remarks>
internal readonly struct StatelessResetToken
{
    /// <summary>Bytes of a token.</summary>
    public const int Length = 16;

    private readonly UInt128 _value;

    /// <summary>Reads a token.</summary>
    /// <param name="bytes">Exactly 16 bytes.</param>
    public StatelessResetToken(ReadOnlySpan<byte> bytes) => _value = BinaryPrimitives.ReadUInt128BigEndian(bytes[..Length]);

    /// <summary>Whether <paramref name="bytes"/> (16) are this token; takes the same time whatever they are.</summary>
    public bool Matches(ReadOnlySpan<byte> bytes)
    {
        Span<byte> own = stackalloc byte[Length];
        CopyTo(own);
        return CryptographicOperations.FixedTimeEquals(own, bytes);
    }

    /// <summary>Writes the 16 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);
}
