using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Tunnel;
using Vpr.Tunnel.Offload;

namespace Vpr.Hosting.Loop;

/// <summary>One thread's loop: a UDP socket, a TUN queue, the QUIC endpoint between them, and a mailbox for everybody else.</summary>
/// <remarks>
/// docs/architecture.md, "Threads". A round waits, then takes what came from the network, from the TUN queue and by the mailbox, then sends. A
/// packet of the TUN queue is cut, or copied, once: to where its datagram lies when it is sent. A received one is opened where it came and written to the
/// TUN queue from there, together with its neighbours.
/// Owns nothing that it is given; what it sets up itself is gone when <see cref="Run"/> returns.
/// </remarks>
public abstract class TunnelLoop
{
    /// <summary>Room in front of a packet in the batches of the TUN queue, for the queue's own header.</summary>
    internal const int Headroom = 16;

    // With offloads a slot is a super-packet or a run; without, one packet or datagram.
    private const int RunSlots = 8;
    private const int RunSize = ushort.MaxValue;
    private const int PlainSlots = 64;
    private const int PlainSize = 2048;

    // Reads of the TUN queue before the network has its turn again.
    private const int MaxReads = 8;

    // Packets of other loops' queues before the network has its turn again.
    private const int MaxHandovers = 64;

    private readonly PacketBatch _received;
    private readonly DatagramSender _sender;
    private readonly LoopPoller _poller;
    private readonly LoopSource<IDatagramSocket> _socket;
    private readonly LoopSource _wakeUp;
    private readonly HandoverInbox? _handovers;
    private LoopSource<IPacketDevice>? _tun;
    private PacketBatch? _fromTun;
    private PacketDelivery? _delivery;
    private bool _stopping;

    /// <summary>A loop that is not running yet.</summary>
    /// <param name="poller">Where it waits.</param>
    /// <param name="socket">The UDP socket.</param>
    /// <param name="endpoint">The QUIC connections of the socket.</param>
    /// <param name="mailbox">What others ask by.</param>
    /// <param name="handovers">Where other loops give it packets; null for a loop that is alone.</param>
    protected TunnelLoop(LoopPoller poller, IDatagramSocket socket, QuicEndpoint endpoint, Mailbox mailbox, HandoverInbox? handovers = null)
    {
        _poller = poller;
        _handovers = handovers;
        int headroom = poller.ReceiveHeadroom;
        _received = (socket.Offloads & DatagramOffloads.Receive) != 0
            ? new PacketBatch(RunSlots, headroom + RunSize, headroom) : new PacketBatch(PlainSlots, headroom + PlainSize, headroom);
        _socket = poller.Add(socket, _received);
        _wakeUp = poller.Add(mailbox.WakeUp);
        _sender = new DatagramSender(poller, _socket);
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
            _poller.Wait(_handovers is null || _handovers.TryRest() ? NextDeadline() : default);
            _handovers?.Rise();
            Instant now = MonotonicClock.Now;
            if (_wakeUp.IsReadable) Mailbox.Run();
            if (_socket.IsReadable) ReceiveDatagrams(now);
            if (_tun is { IsReadable: true }) ReadPackets(now);
            if (_handovers is not null) TakeHandovers(now, _handovers);
            if (_tun is { IsFailed: true }) LoseDevice();
            Endpoint.OnTimeout(now);
            OnTimer(now);
            FollowConnections(now);
            TransmitAll(now);
        }

        // The kernel lets go of socket and batch at the request of this thread alone.
        _poller.Remove(_socket);
        OnFinished();
    }

    /// <summary>Ends <see cref="Run"/> after this round, in which goodbyes are still sent; on the loop's thread, so others post it to the mailbox.</summary>
    protected void Stop() => _stopping = true;

    /// <summary>Begins to carry packets of a TUN queue.</summary>
    protected void Attach(IPacketDevice device)
    {
        bool whole = (device.Offloads & (PacketOffloads.Tso | PacketOffloads.Uso)) == 0;
        _fromTun = whole ? new PacketBatch(PlainSlots, Headroom + PlainSize, Headroom) : new PacketBatch(RunSlots, Headroom + RunSize, Headroom);
        _tun = _poller.Add(device, _fromTun);
        _delivery = new PacketDelivery(_tun.Device, _received);
    }

    /// <summary>Stops carrying packets of the TUN queue; before the device is disposed.</summary>
    protected void Detach()
    {
        if (_tun is null) return;
        _poller.Remove(_tun);
        _tun = null;
        _delivery = null;
    }

    /// <summary>Writes an inner packet to the TUN queue within this round.</summary>
    /// <param name="packet">A part of the datagram that is being received, which is then not moved, or any other bytes, which are copied.</param>
    protected void DeliverPacket(Span<byte> packet) => _delivery?.Deliver(packet);

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

    /// <summary>Finds the tunnel that a packet of the TUN queue belongs to.</summary>
    /// <param name="packet">The packet, or the super-packet of one flow.</param>
    /// <param name="facts">What the queue said of it.</param>
    /// <returns>Null when this loop has none; the packet is dropped, unless it was handed over to another.</returns>
    protected abstract TunnelSession? Route(ReadOnlySpan<byte> packet, in PacketSlot facts);

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
        _socket.Device.Receive(_received);
        for (int index = 0; index < _received.Count; index++)
        {
            ref PacketSlot slot = ref _received[index];
            Span<byte> run = _received.Packet(index);
            Endpoint.ReceiveRun(now, slot.Path, slot.Ecn, run, slot.SegmentSize == 0 ? run.Length : slot.SegmentSize);
        }

        // Then the kernel may have the memory again.
        _delivery?.Flush();
        _received.Clear();
    }

    private void ReadPackets(Instant now)
    {
        for (int reads = 0; reads < MaxReads; reads++)
        {
            int read = _tun!.Device.Read(_fromTun!);
            for (int index = 0; index < _fromTun!.Count; index++) SendPacket(now, _fromTun.Packet(index), _fromTun[index]);
            _fromTun.Clear();
            if (read < _fromTun.Capacity) break;
        }

        // Answers of our own to packets that may not pass.
        _delivery!.Flush();
    }

    private void TakeHandovers(Instant now, HandoverInbox handovers)
    {
        int taken = 0;
        for (; taken < MaxHandovers && handovers.TryPeek(out ReadOnlySpan<byte> packet, out PacketSlot facts); taken++)
        {
            SendPacket(now, packet, facts);
            handovers.Release();
        }

        if (taken > 0) _delivery?.Flush();
    }

    private void SendPacket(Instant now, ReadOnlySpan<byte> packet, in PacketSlot facts)
    {
        if (Route(packet, facts) is not { } session) return;
        var segments = new SegmentSplitter(packet, facts);
        IpPacket judged = default;
        bool isJudged = facts.Segmentation != Segmentation.None && session.TryJudge(packet, segments.NextLength, out judged);
        var slot = new PacketSlot();
        while (segments.NextLength is > 0 and var length)
        {
            int header = session.MeasureHeader(), trailer = session.TrailerLength;
            // A socket whose buffer is full loses the rest: the inner transport notices as it would on any full link.
            if (!_sender.TryReserve(header + length + trailer, isExact: true, TunnelSession.AckRoom, out Span<byte> room, out bool continues)) return;
            slot.Offset = continues ? header : header + TunnelSession.AckRoom;
            slot.Length = length;
            segments.Write(room[slot.Offset..]);
            room = room[..(slot.Offset + length + trailer)];
            if (isJudged ? session.TrySendSegment(now, room, judged, ref slot) : session.TrySend(now, room, ref slot)) _sender.Commit(slot);
        }
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
        while (_sender.TryReserve(DatagramSender.LongestDatagram, isExact: false, slack: 0, out Span<byte> room, out _))
        {
            room = room[..DatagramSender.LongestDatagram];
            var slot = new PacketSlot();
            slot.Length = Endpoint.Transmit(now, room, out slot.Path, out slot.Ecn);
            if (slot.Length == 0 && !TrySendQueued(now, room, ref slot)) break;
            _sender.Commit(slot);
        }

        _sender.TryFlush();
    }
}
