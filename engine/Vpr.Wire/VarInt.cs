using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Vpr.Wire;

/// <summary>The variable-length integer of QUIC: two bits of length, then 6, 14, 30 or 62 bits in network byte order.</summary>
/// <remarks>RFC 9000 §16</remarks>
public static class VarInt
{
    /// <summary>The greatest value: 2^62 − 1.</summary>
    public const ulong Max = (1UL << 62) - 1;

    /// <summary>The longest encoding, in bytes.</summary>
    public const int MaxLength = 8;

    /// <summary>Reads an integer of any of the four lengths.</summary>
    /// <param name="source">Bytes that begin with the integer.</param>
    /// <param name="value">The value; 0 where reading fails.</param>
    /// <param name="consumed">1, 2, 4 or 8 bytes; 0 where reading fails.</param>
    /// <returns>False where the source ends within the integer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int consumed)
    {
        int length = source.IsEmpty ? 1 : LengthFromFirstByte(source[0]);
        if (source.Length < length)
        {
            value = 0;
            consumed = 0;
            return false;
        }
        value = length == 1 ? source[0] : ReadLong(source, length);
        consumed = length;
        return true;
    }

    /// <summary>Reads an integer and moves past it.</summary>
    /// <param name="rest">Bytes that begin with the integer; afterwards what follows it, unchanged where reading fails.</param>
    /// <param name="value">The value; 0 where reading fails.</param>
    /// <returns>False where the bytes end within the integer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        if (!TryRead(rest, out value, out int consumed))
            return false;
        rest = rest[consumed..];
        return true;
    }

    /// <summary>The length in bytes of the encoding that begins with <paramref name="first"/>.</summary>
    /// <param name="first">The first byte of an encoded integer.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int LengthFromFirstByte(byte first) => 1 << (first >> 6);

    /// <summary>The length in bytes of the shortest encoding.</summary>
    /// <param name="value">At most <see cref="Max"/>.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is greater than <see cref="Max"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(ulong value) => value < 0x40 ? 1 : LongLength(value);

    /// <summary>Writes the shortest encoding.</summary>
    /// <param name="destination">Room for <see cref="Length"/> bytes or more.</param>
    /// <param name="value">At most <see cref="Max"/>.</param>
    /// <returns>Bytes written: 1, 2, 4 or 8.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is greater than <see cref="Max"/>.</exception>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, ulong value)
    {
        if (value >= 0x40 || destination.IsEmpty)
            return Write(destination, value, Length(value));
        destination[0] = (byte)value;
        return 1;
    }

    /// <summary>Writes an encoding of a chosen length, for a field that is filled in before its value is known.</summary>
    /// <param name="destination">Room for <paramref name="length"/> bytes or more.</param>
    /// <param name="value">A value that fits.</param>
    /// <param name="length">1, 2, 4 or 8 bytes.</param>
    /// <returns><paramref name="length"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value needs more bytes, or the length is none of the four.</exception>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Write(Span<byte> destination, ulong value, int length)
    {
        if (Length(value) > length)
            Throw.OutOfRange(nameof(value));
        if (destination.Length < length)
            Throw.DestinationTooSmall();
        switch (length)
        {
            case 1:
                destination[0] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value | 0x4000));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)value | 0x8000_0000);
                break;
            case 8:
                BinaryPrimitives.WriteUInt64BigEndian(destination, value | 0xC000_0000_0000_0000);
                break;
            default:
                Throw.OutOfRange(nameof(length));
                break;
        }
        return length;
    }

    // Takes and returns registers: with out parameters the callers' locals would live in memory.
    private static ulong ReadLong(ReadOnlySpan<byte> source, int length)
    {
        // Where eight bytes are there, one read does for all lengths: its two bits go out on the left, what follows on the right.
        if (source.Length >= 8)
            return BinaryPrimitives.ReadUInt64BigEndian(source) << 2 >> (66 - 8 * length);
        return length == 2
            ? BinaryPrimitives.ReadUInt16BigEndian(source) & 0x3FFFu
            : BinaryPrimitives.ReadUInt32BigEndian(source) & 0x3FFF_FFFFu;
    }

    private static int LongLength(ulong value)
    {
        if (value > Max)
            Throw.OutOfRange(nameof(value));
        return value < 0x4000 ? 2 : value < 0x4000_0000 ? 4 : 8;
    }
}
