using System.Buffers.Binary;

namespace Vpr.Wire;

/// <summary>A cursor over a destination. A write that finds no room throws: the caller measures first.</summary>
/// <param name="destination">Where the bytes go.</param>
public ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public readonly Span<byte> Written => _destination[..Length];

    /// <summary>The room that is left.</summary>
    public readonly Span<byte> Rest => _destination[Length..];

    /// <summary>Writes one byte.</summary>
    /// <exception cref="ArgumentException">No room.</exception>
    public void WriteUInt8(byte value) => Take(1)[0] = value;

    /// <summary>Writes 16 bits in network byte order.</summary>
    /// <exception cref="ArgumentException">No room.</exception>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>Writes 24 bits in network byte order.</summary>
    /// <param name="value">Less than 2^24.</param>
    /// <exception cref="ArgumentException">No room, or the value is too great.</exception>
    public void WriteUInt24(uint value)
    {
        if (value >= 1 << 24)
            Throw.OutOfRange(nameof(value));
        WideInteger.WriteUInt24(Take(3), value);
    }

    /// <summary>Writes 32 bits in network byte order.</summary>
    /// <exception cref="ArgumentException">No room.</exception>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>Writes 64 bits in network byte order.</summary>
    /// <exception cref="ArgumentException">No room.</exception>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    /// <summary>Writes 128 bits in network byte order.</summary>
    /// <exception cref="ArgumentException">No room.</exception>
    public void WriteUInt128(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Take(16), value);

    /// <summary>Writes a variable-length integer in its shortest form (RFC 9000 §16).</summary>
    /// <param name="value">At most <see cref="VarInt.Max"/>.</param>
    /// <exception cref="ArgumentException">No room, or the value is too great.</exception>
    public void WriteVarInt(ulong value) => Length += VarInt.Write(Rest, value);

    /// <summary>Writes bytes as they are.</summary>
    /// <exception cref="ArgumentException">No room.</exception>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Writes bytes behind their length.</summary>
    /// <param name="prefix">How the length is written.</param>
    /// <param name="bytes">No more than the prefix can say.</param>
    /// <exception cref="ArgumentException">No room, or too many bytes for the prefix.</exception>
    public void WritePrefixed(Prefix prefix, ReadOnlySpan<byte> bytes)
    {
        int size = PrefixLength(prefix, bytes.Length);
        if (Rest.Length - size < bytes.Length)
            Throw.DestinationTooSmall();
        WriteLength(prefix, bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>Writes a declared structure.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <exception cref="ArgumentException">No room, or a value does not fit its field.</exception>
    public void Write<T>(scoped in T value)
        where T : IWireFormat<T>, allows ref struct => Length += value.Write(Rest);

    /// <summary>Leaves room for a length of two bytes, to be filled in by <see cref="EndUInt16"/>.</summary>
    /// <returns>Where the length stands, for <see cref="EndUInt16"/>.</returns>
    /// <exception cref="ArgumentException">No room.</exception>
    public int BeginUInt16()
    {
        Take(2).Clear();
        return Length - 2;
    }

    /// <summary>Fills in the length of what has been written since <see cref="BeginUInt16"/>.</summary>
    /// <param name="position">What that returned.</param>
    /// <exception cref="ArgumentException">More than 65535 bytes were written.</exception>
    public readonly void EndUInt16(int position)
    {
        int length = Length - position - 2;
        if (length > ushort.MaxValue)
            Throw.WrongLength(nameof(position));
        BinaryPrimitives.WriteUInt16BigEndian(_destination[position..], (ushort)length);
    }

    private Span<byte> Take(int count)
    {
        Span<byte> rest = Rest;
        if (rest.Length < count)
            Throw.DestinationTooSmall();
        Length += count;
        return rest[..count];
    }

    private static int PrefixLength(Prefix prefix, int length)
    {
        (int size, int most) = prefix switch
        {
            Prefix.UInt8 => (1, byte.MaxValue),
            Prefix.UInt16 => (2, ushort.MaxValue),
            Prefix.UInt24 => (3, (1 << 24) - 1),
            Prefix.VarInt => (VarInt.Length((ulong)length), int.MaxValue),
            _ => (0, -1),
        };
        if (length > most)
            Throw.WrongLength(nameof(length));
        return size;
    }

    private void WriteLength(Prefix prefix, int length)
    {
        if (prefix == Prefix.UInt8)
            WriteUInt8((byte)length);
        else if (prefix == Prefix.UInt16)
            WriteUInt16((ushort)length);
        else if (prefix == Prefix.UInt24)
            WriteUInt24((uint)length);
        else
            WriteVarInt((ulong)length);
    }
}
