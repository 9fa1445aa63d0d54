using Vpr.Io;
using Vpr.Masque;

namespace Vpr.Tunnel.Queueing;

/// <summary>Inner packets that wait until congestion window and pacer let them go: each flow in a queue of its own, served in turn, its delay controlled.</summary>
/// <remarks>
/// RFC 8290. A flow that sends little goes before those that keep a queue, so a ping does not wait behind a transfer; a flow that keeps a queue
/// above 5 ms is told by a mark or a drop. Memory is bounded by <see cref="PacketStore.MaxBytes"/>, taken when the first packet waits and given back when none
/// does.
/// </remarks>
internal sealed class FqCodelQueue : PacketQueue
{
    /// <summary>Queues that flows are hashed to.</summary>
    /// <remarks>RFC 8290 §5.2 suggests 1,024 for a router; behind one tunnel are fewer flows, and each queue costs memory.</remarks>
    public const int QueueCount = 256;

    /// <summary>Bytes that a flow may send in its turn: one packet of the longest.</summary>
    /// <remarks>RFC 8290 §5.2</remarks>
    public const int Quantum = TunnelSession.LargestMtu;

    // RFC 8290 §4.1: at a time, so that a flood does not make each arriving packet look for the fattest flow.
    private const int MaxDropsAtOnce = 64;

    private readonly UInt128 _key;
    private readonly PacketStore _store = new();
    private FlowQueue[]? _flows;
    private FlowList _newFlows;
    private FlowList _oldFlows;

    /// <summary>An empty queue.</summary>
    /// <param name="key">What strangers do not know: so none can choose ports that share a queue with another flow.</param>
    public FqCodelQueue(UInt128 key) => _key = key;

    /// <summary>Bytes of memory taken for packets now, at most <see cref="PacketStore.MaxBytes"/>.</summary>
    public int MemoryTaken => _store.MemoryTaken;

    /// <inheritdoc/>
    /// <remarks>RFC 8290 §4.1: where there is no room, the fattest flow loses packets.</remarks>
    public override void Enqueue(Instant now, ReadOnlySpan<byte> packet, in IpPacket facts)
    {
        FlowQueue[] flows = _flows ??= CreateFlows();
        int added;
        while (!_store.TryAdd(now, packet, out added)) DropFromFattest(flows);

        int index = (int)(FlowHash.Compute(_key, packet, facts) % QueueCount);
        ref FlowQueue flow = ref flows[index];
        if (flow.First == PacketStore.None) flow.First = added;
        else _store.Next(flow.Last) = added;
        flow.Last = added;
        flow.Backlog += packet.Length;
        Count++;
        if (flow.IsActive) return;
        flow.IsActive = true;
        flow.Credits = Quantum;
        _newFlows.Append(flows, index);
    }

    /// <inheritdoc/>
    /// <remarks>RFC 8290 §4.2</remarks>
    public override bool TryDequeue(Instant now, Span<byte> destination, out int length)
    {
        length = 0;
        if (_flows is not { } flows) return false;
        while (!_newFlows.IsEmpty || !_oldFlows.IsEmpty)
        {
            bool isNew = !_newFlows.IsEmpty;
            ref FlowList list = ref isNew ? ref _newFlows : ref _oldFlows;
            int index = list.First;
            ref FlowQueue flow = ref flows[index];
            if (flow.Credits <= 0)
            {
                flow.Credits += Quantum;
                list.RemoveFirst(flows);
                _oldFlows.Append(flows, index);
            }
            else if (TryTake(now, ref flow, destination, out length))
            {
                flow.Credits -= length;
                return true;
            }
            else
            {
                list.RemoveFirst(flows);
                // A new flow has its turn among the old ones first, or by sending seldom enough it could go before them for ever.
                if (isNew) _oldFlows.Append(flows, index);
                else flow.IsActive = false;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _store.GiveBack();
        _flows = null;
        _newFlows = _oldFlows = default;
        Count = 0;
    }

    private bool TryTake(Instant now, ref FlowQueue flow, Span<byte> destination, out int length)
    {
        while (flow.First != PacketStore.None)
        {
            int packet = Unlink(ref flow, out length);
            bool isCongested = flow.Delay.Judge(now, _store.EnqueuedAt(packet), flow.Backlog, Quantum);
            _store.CopyTo(packet, destination);
            _store.Remove(packet);
            if (!isCongested) return true;
            if (CongestionMark.TrySet(destination[..length]))
            {
                Marks++;
                return true;
            }

            Drops++;
        }

        flow.Delay.OnEmpty();
        length = 0;
        return false;
    }

    private void DropFromFattest(FlowQueue[] flows)
    {
        int fattest = 0;
        for (int index = 1; index < flows.Length; index++)
            if (flows[index].Backlog > flows[fattest].Backlog) fattest = index;

        ref FlowQueue flow = ref flows[fattest];
        int enough = flow.Backlog / 2;
        for (int dropped = 0; dropped < MaxDropsAtOnce && flow.First != PacketStore.None && (dropped == 0 || flow.Backlog > enough); dropped++)
        {
            _store.Remove(Unlink(ref flow, out _));
            Drops++;
        }
    }

    private int Unlink(ref FlowQueue flow, out int length)
    {
        int packet = flow.First;
        length = _store.Length(packet);
        flow.First = _store.Next(packet);
        flow.Backlog -= length;
        Count--;
        return packet;
    }

    private static FlowQueue[] CreateFlows()
    {
        FlowQueue[] flows = new FlowQueue[QueueCount];
        foreach (ref FlowQueue flow in flows.AsSpan()) flow.First = PacketStore.None;
        return flows;
    }
}
