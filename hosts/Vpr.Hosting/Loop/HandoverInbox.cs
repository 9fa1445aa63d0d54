using Vpr.Io;

namespace Vpr.Hosting.Loop;

/// <summary>Where a loop is given packets that other loops read from their TUN queues and that belong to its tunnels.</summary>
/// <remarks>
/// docs/architecture.md, "Threads". A ring for each giving loop, made when it first gives; what does not fit is dropped by the giver, as by any full queue. The
/// owner is woken only when it rests.
/// </remarks>
public sealed class HandoverInbox
{
    private readonly HandoverRing?[] _rings;
    private readonly LoopWakeUp _wakeUp;
    private int _turn;
    private int _resting;

    /// <summary>An inbox in which nothing waits.</summary>
    /// <param name="loops">How many loops there are; the owner's own ring stays unused.</param>
    /// <param name="wakeUp">Wakes the owner.</param>
    public HandoverInbox(int loops, LoopWakeUp wakeUp) => (_rings, _wakeUp) = (new HandoverRing?[loops], wakeUp);

    /// <summary>Gives the owner a packet, which is copied; on the giving loop's thread.</summary>
    /// <param name="giver">The giving loop's index.</param>
    /// <param name="packet">The packet, or the super-packet of one flow.</param>
    /// <param name="facts">What its TUN queue said of it.</param>
    /// <returns>False when the owner is too far behind: the packet is to be dropped.</returns>
    public bool TryGive(int giver, ReadOnlySpan<byte> packet, in PacketSlot facts)
    {
        if (_rings[giver] is not { } ring) Volatile.Write(ref _rings[giver], ring = new HandoverRing());
        if (!ring.TryWrite(packet, facts)) return false;
        // Either the owner sees the packet before it rests, or we see that it does.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _resting) != 0 && Interlocked.Exchange(ref _resting, 0) != 0) _wakeUp.Signal();
        return true;
    }

    /// <summary>Says that the owner is about to wait, and is to be woken; the owner's.</summary>
    /// <returns>False when something waits already.</returns>
    public bool TryRest()
    {
        Interlocked.Exchange(ref _resting, 1);
        if (IsEmpty) return true;
        Rise();
        return false;
    }

    /// <summary>Says that the owner looks by itself again; the owner's.</summary>
    public void Rise() => Volatile.Write(ref _resting, 0);

    /// <summary>Shows a packet that waits, of each giver in turn; the owner's.</summary>
    /// <param name="packet">Its bytes, valid until <see cref="Release"/>.</param>
    /// <param name="facts">What was given with it.</param>
    public bool TryPeek(out ReadOnlySpan<byte> packet, out PacketSlot facts)
    {
        for (int tried = 0; tried < _rings.Length; tried++)
        {
            _turn = (_turn + 1) % _rings.Length;
            if (Volatile.Read(ref _rings[_turn]) is { } ring && ring.TryPeek(out packet, out facts)) return true;
        }

        packet = default;
        facts = default;
        return false;
    }

    /// <summary>Gives the room of the packet that was shown back; the owner's.</summary>
    public void Release() => _rings[_turn]!.Release();

    private bool IsEmpty
    {
        get
        {
            for (int giver = 0; giver < _rings.Length; giver++)
                if (Volatile.Read(ref _rings[giver]) is { IsEmpty: false }) return false;
            return true;
        }
    }
}
