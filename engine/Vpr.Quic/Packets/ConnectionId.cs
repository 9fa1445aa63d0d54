using System.Buffers.Binary;
using Vpr.Io;

namespace Vpr.Quic;

/// <summary>A connection ID as a value: up to 20 opaque bytes without a heap object.</summary>
/// <remarks>RFC 9000 §5.1, §17.2</remarks>
public readonly struct ConnectionId : IEquatable<ConnectionId>
{
    /// <summary>The most bytes that a version 1 connection ID has.</summary>
    public const int MaxLength = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;
    private readonly byte _length;

    /// <summary>Copies the bytes.</summary>
    /// <param name="bytes">0 to 20 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 20.</exception>
    public ConnectionId(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength);
        _length = (byte)bytes.Length;
        if (bytes.Length == sizeof(ulong)) _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        else (_first, _second, _third) = ReadPadded(bytes);
    }

    /// <summary>How many bytes it has, 0 to 20.</summary>
    public int Length => _length;

    /// <summary>Whether both have the same bytes.</summary>
    public static bool operator ==(ConnectionId left, ConnectionId right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(ConnectionId left, ConnectionId right) => !left.Equals(right);

    /// <summary>Writes the bytes to the front of <paramref name="destination"/>.</summary>
    /// <returns>How many were written: <see cref="Length"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="Length"/>.</exception>
    public int CopyTo(Span<byte> destination)
    {
        if (_length != sizeof(ulong)) return WritePadded(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        return sizeof(ulong);
    }

    /// <inheritdoc/>
    public bool Equals(ConnectionId other) =>
        _first == other._first && _second == other._second && _third == other._third && _length == other._length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionId other && Equals(other);

    // HashCode is seeded for each process: a peer that chooses connection IDs cannot choose collisions.
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third, _length);

    /// <summary>The bytes in hexadecimal.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        return Convert.ToHexStringLower(bytes[..CopyTo(bytes)]);
    }

    /// <summary>A new ID of <paramref name="length"/> random bytes.</summary>
    internal static ConnectionId Random(IRandomSource random, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        random.FillPublic(bytes);
        return new ConnectionId(bytes);
    }

    // Apart from the constructor, which is small enough to be inlined where IDs of our own length are read from each packet.
    private static (ulong First, ulong Second, uint Third) ReadPadded(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        bytes.CopyTo(padded);
        return (BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]), BinaryPrimitives.ReadUInt32BigEndian(padded[16..]));
    }

    private int WritePadded(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt64BigEndian(padded, _first);
        BinaryPrimitives.WriteUInt64BigEndian(padded[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(padded[16..], _third);
        padded[.._length].CopyTo(destination);
        return _length;
    }
}
