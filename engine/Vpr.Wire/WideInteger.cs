using System.Buffers.Binary;

namespace Vpr.Wire;

/// <summary>Integers of three, five, six and seven bytes in network byte order, beside those of <see cref="BinaryPrimitives"/>.</summary>
public static class WideInteger
{
    /// <summary>Reads 24 bits.</summary>
    /// <param name="source">Three bytes or more.</param>
    public static uint ReadUInt24(ReadOnlySpan<byte> source) =>
        (uint)BinaryPrimitives.ReadUInt16BigEndian(source) << 8 | source[2];

    /// <summary>Reads 40 bits.</summary>
    /// <param name="source">Five bytes or more.</param>
    public static ulong ReadUInt40(ReadOnlySpan<byte> source) =>
        (ulong)BinaryPrimitives.ReadUInt32BigEndian(source) << 8 | source[4];

    /// <summary>Reads 48 bits.</summary>
    /// <param name="source">Six bytes or more.</param>
    public static ulong ReadUInt48(ReadOnlySpan<byte> source) =>
        (ulong)BinaryPrimitives.ReadUInt32BigEndian(source) << 16 | BinaryPrimitives.ReadUInt16BigEndian(source[4..]);

    /// <summary>Reads 56 bits.</summary>
    /// <param name="source">Seven bytes or more.</param>
    public static ulong ReadUInt56(ReadOnlySpan<byte> source) =>
        (ulong)BinaryPrimitives.ReadUInt32BigEndian(source) << 24 | ReadUInt24(source[4..]);

    /// <summary>Writes the low 24 bits.</summary>
    /// <param name="destination">Three bytes or more.</param>
    /// <param name="value">Less than 2^24.</param>
    public static void WriteUInt24(Span<byte> destination, uint value)
    {
        destination[2] = (byte)(value & 0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value >> 8 & 0xFFFF));
    }

    /// <summary>Writes the low 40 bits.</summary>
    /// <param name="destination">Five bytes or more.</param>
    /// <param name="value">Less than 2^40.</param>
    public static void WriteUInt40(Span<byte> destination, ulong value)
    {
        destination[4] = (byte)(value & 0xFF);
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(value >> 8 & 0xFFFF_FFFF));
    }

    /// <summary>Writes the low 48 bits.</summary>
    /// <param name="destination">Six bytes or more.</param>
    /// <param name="value">Less than 2^48.</param>
    public static void WriteUInt48(Span<byte> destination, ulong value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)(value & 0xFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(value >> 16 & 0xFFFF_FFFF));
    }

    /// <summary>Writes the low 56 bits.</summary>
    /// <param name="destination">Seven bytes or more.</param>
    /// <param name="value">Less than 2^56.</param>
    public static void WriteUInt56(Span<byte> destination, ulong value)
    {
        WriteUInt24(destination[4..], (uint)(value & 0xFF_FFFF));
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(value >> 24 & 0xFFFF_FFFF));
    }
}
