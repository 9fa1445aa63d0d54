using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Which connection IDs are an endpoint's, when several endpoints share an address and port: those whose first byte leaves one remainder.</summary>
/// <remarks>
/// RFC 9000 §5.1 leaves it to an endpoint how its IDs lead packets to it. Whoever spreads datagrams over the endpoints computes the same remainder, also of the ID that
/// a client makes up for its first packets; the endpoint it leads to answers with IDs of its own, so the connection stays there, whatever address its client moves to.
/// </remarks>
public readonly record struct ConnectionIdShare
{
    // Of all endpoints but one, so that a share that was not set is the whole.
    private readonly byte _index;
    private readonly byte _others;

    /// <summary>The share of one endpoint.</summary>
    /// <param name="index">Which one, 0 to <paramref name="count"/> - 1: the remainder.</param>
    /// <param name="count">How many there are, 1 to 256: the divisor.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ConnectionIdShare(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 256);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        _index = (byte)index;
        _others = (byte)(count - 1);
    }

    /// <summary>The remainder.</summary>
    public int Index => _index;

    /// <summary>The divisor; 1 for an endpoint that has all IDs.</summary>
    public int Count => _others + 1;

    /// <summary>Whether an ID of this process or of a client's choice leads here. One without a byte leads to the first endpoint.</summary>
    /// <param name="id">A Destination Connection ID of any length.</param>
    public bool Holds(ReadOnlySpan<byte> id) => (id.IsEmpty ? 0 : id[0] % Count) == _index;

    /// <summary>Draws an ID of the share, each as likely as any other.</summary>
    /// <param name="random">Where its bytes come from.</param>
    /// <param name="length">Its length, 1 to 20 bytes.</param>
    internal ConnectionId Draw(IRandomSource random, int length)
    {
        if (_others == 0) return ConnectionId.Random(random, length);
        Span<byte> bytes = stackalloc byte[sizeof(uint) + ConnectionId.MaxLength];
        bytes = bytes[..(sizeof(uint) + length)];
        random.FillPublic(bytes);
        // Of as many first bytes as leave the remainder, the one at a random place: scaled down from 32 bits, the bias is below 2^-23.
        ulong candidates = (ulong)((byte.MaxValue - _index) / Count + 1);
        ulong place = candidates * System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 32;
        Span<byte> id = bytes[sizeof(uint)..];
        id[0] = (byte)(_index + Count * (int)place);
        return new ConnectionId(id);
    }
}
