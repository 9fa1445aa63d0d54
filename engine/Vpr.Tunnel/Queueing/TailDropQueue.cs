using Vpr.Io;
using Vpr.Masque;

namespace Vpr.Tunnel.Queueing;

/// <summary>All packets in the order they came, as many as there is room for.</summary>
/// <remarks>As large as <see cref="FqCodelQueue"/>; RFC 7567 §2 says what is wrong with it.</remarks>
internal sealed class TailDropQueue : PacketQueue
{
    private readonly PacketStore _store = new();
    private int _first = PacketStore.None;
    private int _last;

    /// <inheritdoc/>
    public override void Enqueue(Instant now, ReadOnlySpan<byte> packet, in IpPacket facts)
    {
        if (!_store.TryAdd(now, packet, out int added))
        {
            Drops++;
            return;
        }

        if (IsEmpty) _first = added;
        else _store.Next(_last) = added;
        _last = added;
        Count++;
    }

    /// <inheritdoc/>
    public override bool TryDequeue(Instant now, Span<byte> destination, out int length)
    {
        length = 0;
        if (IsEmpty) return false;
        int packet = _first;
        length = _store.Length(packet);
        _first = _store.Next(packet);
        _store.CopyTo(packet, destination);
        _store.Remove(packet);
        Count--;
        return true;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _store.GiveBack();
        Count = 0;
    }
}
