namespace Vpr.Quic;

/// <summary>A stream's number on its connection.</summary>
/// <remarks>RFC 9000 §2.1: the least significant bit names the initiator, the next one the direction.</remarks>
/// <param name="Value">0 to 2^62-1.</param>
public readonly record struct StreamId(ulong Value)
{
    /// <summary>The first, second, third… stream of its kind: 0 to 2^60-1.</summary>
    public ulong Ordinal => Value >> 2;

    /// <summary>Whether the client opened the stream.</summary>
    public bool IsClientInitiated => (Value & 1) == 0;

    /// <summary>Whether one end sends or both.</summary>
    public StreamDirection Direction => (StreamDirection)((Value >> 1) & 1);

    /// <summary>The stream with the given place among those of its kind.</summary>
    /// <param name="ordinal">0 for the first; at most 2^60-1.</param>
    /// <param name="direction">One-way or two-way.</param>
    /// <param name="clientInitiated">Whether the client opens it.</param>
    public static StreamId Create(ulong ordinal, StreamDirection direction, bool clientInitiated) =>
        new(ordinal << 2 | (ulong)direction << 1 | (clientInitiated ? 0UL : 1UL));
}
