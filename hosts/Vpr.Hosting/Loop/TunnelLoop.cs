using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Quic;

namespace Vpr.Hosting.Loop;

/// <summary>One thread's loop: a UDP socket, a TUN queue, the QUIC endpoint between them, and a mailbox for everybody else.</summary>
/// <remarks>
/// docs/architecture.md, "Threads". A round waits, then takes what came from the network, from the TUN queue and by the mailbox, then sends. A
/// packet stays in the batch it was read into: it is sealed there and sent from there, or opened there and written to the TUN queue from there.
/// Owns nothing that it is given; what it sets up itself is gone when <see cref="Run"/> returns.
/// </remarks>
public abstract class TunnelLoop
{
    /// <summary>Room in front of an inner packet for everything that is written around it on its way out.</summary>
    public const int Headroom = 128;

    // An inner packet of 1500 bytes, its headroom, and both tags behind it.
    private const int SlotSize = 2048;
    private const int BatchSize = 64;

    private readonly PacketBatch _received = new(BatchSize, SlotSize, Headroom);
    private readonly PacketBatch _fromTun = new(BatchSize, SlotSize, Headroom);
    private readonly PacketBatch _outgoing = new(BatchSize, SlotSize, Headroom);
    private readonly PacketBatch _extra = new(BatchSize, SlotSize, Headroom);
    private readonly LoopPoller _poller;
    private readonly LoopSource<IDatagramSocket> _socket;
    private readonly LoopSource _wakeUp;
    private LoopSource<IPacketDevice>? _tun;
    private int _receiving = -1;
    private int _sent;
    private bool _stopping;

    /// <summary>A loop that is not running yet.</summary>
    /// <param name="poller">Where it waits.</param>
    /// <param name="socket">The UDP socket.</param>
    /// <param name="endpoint">The QUIC connections of the socket.</param>
    /// <param name="mailbox">What others ask by.</param>
    protected TunnelLoop(LoopPoller poller, UdpDatagramSocket socket, QuicEndpoint endpoint, Mailbox mailbox)
    {
        _poller = poller;
        _socket = poller.Add(socket);
        _wakeUp = poller.Add(mailbox.WakeUp);
        Endpoint = endpoint;
        Mailbox = mailbox;
    }

    /// <summary>The QUIC connections of the socket.</summary>
    protected QuicEndpoint Endpoint { get; }

    /// <summary>What others ask by.</summary>
    protected Mailbox Mailbox { get; }

    /// <summary>How the loop moves packets, in words.</summary>
    protected string Backend => _poller.Description;

    /// <summary>Runs on the calling thread until <see cref="Stop"/>.</summary>
    public void Run()
    {
        OnStarted(MonotonicClock.Now);
        TransmitAll(MonotonicClock.Now);
        while (!_stopping)
        {
            _poller.Wait(NextDeadline());
            Instant now = MonotonicClock.Now;
            if (_wakeUp.IsReadable) Mailbox.Run();
            if (_socket.IsReadable) ReceiveDatagrams(now);
            if (_tun is { IsReadable: true }) ReadPackets(now);
            if (_tun is { IsFailed: true }) LoseDevice();
            Endpoint.OnTimeout(now);
            OnTimer(now);
            FollowConnections(now);
            TransmitAll(now);
        }

        OnFinished();
    }

    /// <summary>Ends <see cref="Run"/> after this round, in which goodbyes are still sent; on the loop's thread, so others post it to the mailbox.</summary>
    protected void Stop() => _stopping = true;

    /// <summary>Begins to carry packets of a TUN queue.</summary>
    protected void Attach(TunDevice device) => _tun = _poller.Add(device);

    /// <summary>Stops carrying packets of the TUN queue; before the device is disposed.</summary>
    protected void Detach()
    {
        if (_tun is null) return;
        _poller.Remove(_tun);
        _tun = null;
    }

    /// <summary>Writes an inner packet to the TUN queue at the end of this round.</summary>
    /// <param name="packet">A part of the datagram that is being received, which is then not moved, or any other bytes, which are copied.</param>
    protected void DeliverPacket(Span<byte> packet)
    {
        if (_tun is null || packet.Length > SlotSize - Headroom) return;
        if (_receiving >= 0 && _received[_receiving].Length == 0 && TryFindOffset(_received.Slot(_receiving), packet, out int offset))
        {
            _received[_receiving].Offset = offset;
            _received[_receiving].Length = packet.Length;
            return;
        }

        int index = _extra.Add();
        if (index < 0)
        {
            WriteExtra();
            index = _extra.Add();
        }

        packet.CopyTo(_extra.Slot(index)[Headroom..]);
        _extra[index].Length = packet.Length;
    }

    /// <summary>The loop begins.</summary>
    protected abstract void OnStarted(Instant now);

    /// <summary>The loop's last round is over, and what it said is sent.</summary>
    protected abstract void OnFinished();

    /// <summary>Somebody deleted the interface; no packet passes any more.</summary>
    protected abstract void OnDeviceLost();

    /// <summary>A client opened a connection.</summary>
    protected abstract void OnAccepted(Instant now, QuicConnection connection);

    /// <summary>A connection has events, all of which are to be taken.</summary>
    protected abstract void OnEvents(Instant now, QuicConnection connection);

    /// <summary>Sends a packet that came from the TUN queue.</summary>
    /// <param name="now">The time.</param>
    /// <param name="slot">The packet's slot, with <see cref="Headroom"/> in front.</param>
    /// <param name="packet">Where the packet lies; on success, where the datagram lies and where it goes.</param>
    /// <returns>Whether there is a datagram to send now.</returns>
    protected abstract bool TrySendPacket(Instant now, Span<byte> slot, ref PacketSlot packet);

    /// <summary>Takes a datagram of packets that had to wait.</summary>
    /// <param name="now">The time.</param>
    /// <param name="slot">Free memory to build it in.</param>
    /// <param name="packet">Where the datagram lies and where it goes.</param>
    /// <returns>False when none can go now.</returns>
    protected abstract bool TrySendQueued(Instant now, Span<byte> slot, ref PacketSlot packet);

    /// <summary>Does what is due.</summary>
    protected abstract void OnTimer(Instant now);

    /// <summary>When <see cref="OnTimer"/> has something to do, or null.</summary>
    protected abstract Instant? NextTimer { get; }

    private Instant NextDeadline() => Instant.Min(Endpoint.NextTimeout ?? Instant.Never, NextTimer ?? Instant.Never);

    private void ReceiveDatagrams(Instant now)
    {
        _received.Clear();
        _socket.Device.Receive(_received);
        for (_receiving = 0; _receiving < _received.Count; _receiving++)
        {
            Span<byte> datagram = _received.Packet(_receiving);
            ref PacketSlot slot = ref _received[_receiving];
            // From here on the slot is what DeliverPacket makes of it: nothing, unless an inner packet is found in the datagram.
            slot.Length = 0;
            Endpoint.Receive(now, slot.Path, slot.Ecn, datagram);
        }

        _receiving = -1;
        if (_tun is null) return;
        _received.RemoveEmpty();
        if (_received.Count > 0) _tun.Device.Write(_received);
        if (_extra.Count > 0) WriteExtra();
    }

    private void ReadPackets(Instant now)
    {
        _fromTun.Clear();
        _tun!.Device.Read(_fromTun);
        for (int index = 0; index < _fromTun.Count; index++)
        {
            if (!TrySendPacket(now, _fromTun.Slot(index), ref _fromTun[index])) _fromTun[index].Length = 0;
        }

        _fromTun.RemoveEmpty();
        // A socket whose buffer is full loses these: the inner transport notices as it would on any full link.
        if (_fromTun.Count > 0) _socket.Device.Send(_fromTun, 0);
        if (_extra.Count > 0) WriteExtra();
    }

    private void LoseDevice()
    {
        Detach();
        OnDeviceLost();
    }

    private void FollowConnections(Instant now)
    {
        while (Endpoint.TryAccept(out QuicConnection? accepted)) OnAccepted(now, accepted);
        while (Endpoint.TryTakeEventful(out QuicConnection? connection)) OnEvents(now, connection);
    }

    private void TransmitAll(Instant now)
    {
        while (TryFlush())
        {
            _outgoing.Clear();
            _sent = 0;
            while (_outgoing.Count < BatchSize && TryFill(now, _outgoing.Add()))
            {
            }

            if (_outgoing.Count == 0) return;
        }
    }

    private bool TryFill(Instant now, int index)
    {
        ref PacketSlot slot = ref _outgoing[index];
        slot.Length = Endpoint.Transmit(now, _outgoing.Slot(index)[Headroom..], out slot.Path, out slot.Ecn);
        if (slot.Length > 0 || TrySendQueued(now, _outgoing.Slot(index), ref slot)) return true;
        _outgoing.RemoveLast();
        return false;
    }

    /// <summary>Sends what is left of the last batch; while the socket is full it stays, and nothing new is made.</summary>
    private bool TryFlush()
    {
        if (_sent < _outgoing.Count) _sent += _socket.Device.Send(_outgoing, _sent);
        bool done = _sent == _outgoing.Count;
        _poller.Watch(_socket, done ? Readiness.Readable : Readiness.Readable | Readiness.Writable);
        return done;
    }

    private void WriteExtra()
    {
        _tun?.Device.Write(_extra);
        _extra.Clear();
    }

    private static bool TryFindOffset(Span<byte> slot, Span<byte> part, out int offset)
    {
        nint distance = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(slot), ref MemoryMarshal.GetReference(part));
        offset = (int)distance;
        return distance >= 0 && distance <= slot.Length - part.Length;
    }
}
