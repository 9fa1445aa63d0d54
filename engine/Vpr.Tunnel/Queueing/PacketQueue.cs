using Vpr.Io;
using Vpr.Masque;

namespace Vpr.Tunnel.Queueing;

/// <summary>Inner packets that wait until congestion window and pacer let them go.</summary>
/// <remarks>Time is an argument; one thread at a time; allocates nothing after the first packet has waited.</remarks>
internal abstract class PacketQueue
{
    /// <summary>Packets that wait.</summary>
    public int Count { get; protected set; }

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Packets dropped so far, for their delay or for want of room.</summary>
    public ulong Drops { get; protected set; }

    /// <summary>Packets marked so far.</summary>
    public ulong Marks { get; protected set; }

    /// <summary>An empty queue.</summary>
    /// <param name="discipline">Which.</param>
    /// <param name="key">What strangers do not know: so none can choose ports that share a queue with another flow.</param>
    public static PacketQueue Create(QueueDiscipline discipline, UInt128 key) =>
        discipline == QueueDiscipline.TailDrop ? new TailDropQueue() : new FqCodelQueue(key);

    /// <summary>Puts a copy of a packet in, or drops it, or makes room by dropping others.</summary>
    /// <param name="now">The time.</param>
    /// <param name="packet">The whole inner packet, without padding.</param>
    /// <param name="facts">What its headers say.</param>
    public abstract void Enqueue(Instant now, ReadOnlySpan<byte> packet, in IpPacket facts);

    /// <summary>Takes the packet out whose turn it is.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">As long as the longest packet that was put in.</param>
    /// <param name="length">The packet's length; its ECN field may be marked.</param>
    /// <returns>False when none waits, or the last ones were dropped.</returns>
    public abstract bool TryDequeue(Instant now, Span<byte> destination, out int length);

    /// <summary>Drops everything and gives the memory back.</summary>
    public abstract void Clear();
}
