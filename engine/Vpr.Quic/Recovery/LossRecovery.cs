using Vpr.Io;
using Vpr.Quic.Congestion;

namespace Vpr.Quic.Recovery;

/// <summary>Watches every sent packet of a connection until its fate is known: RTT, loss, probes, congestion window, pacing and ECN.</summary>
/// <remarks>
/// RFC 9002. Frames are recorded as they are written (<see cref="Record"/>), <see cref="OnPacketSent"/> closes a packet, and the
/// owner learns each frame's fate through <see cref="ISentFrameOwner"/>. An ACK frame is told range by range:
/// <see cref="BeginAcknowledgement"/>, <see cref="AcknowledgeRange"/>…, <see cref="EndAcknowledgement"/>.
/// </remarks>
/// <typeparam name="TController">The congestion algorithm; a struct, so that each is compiled on its own.</typeparam>
internal sealed partial class LossRecovery<TController>
    where TController : struct, ICongestionController
{
    private const int SpaceCount = 3;

    // Far beyond any idle timeout; keeps the shift below from overflowing.
    private const int MaxBackOff = 16;

    private readonly ISentFrameOwner _owner;
    private readonly bool _isClient;
    private readonly SpaceState[] _spaces = new SpaceState[SpaceCount];
    private RttEstimator _rtt = new();
    private TController _controller;
    private Pacer _pacer;
    private EcnValidator _ecn;
    private int _maxDatagramSize;
    private ulong _flight;
    private bool _heldByPacer;
    private byte _path;
    private Instant _firstRttSample = Instant.Never;
    private Instant _antiDeadlockStart;
    private bool _hasHandshakeKeys;
    private bool _handshakeConfirmed;
    private bool _peerCompletedAddressValidation;

    /// <summary>Starts with nothing sent.</summary>
    /// <param name="now">When the connection begins.</param>
    /// <param name="isClient">Which end this is.</param>
    /// <param name="maxDatagramSize">The largest UDP payload for now, in bytes.</param>
    /// <param name="useEcn">Whether the path's ECN capability is tested.</param>
    /// <param name="owner">Learns the fate of frames.</param>
    public LossRecovery(Instant now, bool isClient, int maxDatagramSize, bool useEcn, ISentFrameOwner owner)
    {
        _owner = owner;
        _controller = default;
        _isClient = isClient;
        _peerCompletedAddressValidation = !isClient;
        _antiDeadlockStart = now;
        _maxDatagramSize = maxDatagramSize;
        for (int i = 0; i < SpaceCount; i++) _spaces[i] = new SpaceState();
        _controller.Start(maxDatagramSize);
        _pacer.Start(now, _controller.Window, _rtt.Smoothed, _controller.InSlowStart, maxDatagramSize);
        if (useEcn) _ecn.Start();
    }

    /// <summary>The path's round-trip time.</summary>
    public ref readonly RttEstimator Rtt => ref _rtt;

    /// <summary>The congestion window in bytes.</summary>
    public ulong CongestionWindow => _controller.Window;

    /// <summary>Whether the congestion window grows as fast as it may.</summary>
    public bool InSlowStart => _controller.InSlowStart;

    /// <summary>Bytes sent on the present path, neither acknowledged nor lost.</summary>
    public ulong BytesInFlight { get; private set; }

    /// <summary>Packets declared lost since the connection began.</summary>
    public ulong PacketsLost { get; private set; }

    /// <summary>How often the probe timeout expired since the last acknowledgement.</summary>
    public int PtoCount { get; private set; }

    /// <summary>The ECN mark for the next packet.</summary>
    public EcnCodepoint EcnMark => _ecn.Mark;

    /// <summary>The peer's max_ack_delay, as declared or as asked for since; 25 ms until its transport parameters are known (RFC 9000 §18.2).</summary>
    public TimeSpan PeerMaxAckDelay { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Whether a server may send nothing before it receives more; stops the timer, as RFC 9002 §6.2.2.1 says.</summary>
    public bool IsAmplificationLimited { get; set; }

    /// <summary>Whether the congestion window has room for a full-sized packet; probes and packets not in flight need none.</summary>
    /// <remarks>RFC 9002 §7</remarks>
    public bool HasWindow => BytesInFlight + (ulong)_maxDatagramSize <= _controller.Window;

    /// <summary>When the pacer lets <paramref name="size"/> bytes go; not later than <paramref name="now"/> means now.</summary>
    /// <remarks>
    /// RFC 9002 §7.7. Packets that are not in flight, and probes, need not wait. On a path that is shorter than a timer's tick nothing waits: nobody
    /// wakes up often enough to spread a window over it, and its smoothed RTT tells more of how late both ends' processes run than of the path.
    /// </remarks>
    public Instant PacingDeadline(Instant now, int size)
    {
        if (_rtt.HasSample && _rtt.Min < RttEstimator.Granularity) return now;
        _pacer.Update(now, _controller.Window, _rtt.Smoothed, _controller.InSlowStart, _maxDatagramSize);
        return _pacer.ReadyAt(size);
    }

    /// <summary>Something waits for its <see cref="PacingDeadline"/>, so that the window is not used for no fault of the application's.</summary>
    /// <remarks>RFC 9002 §7.8</remarks>
    public void OnHeldByPacer() => _heldByPacer = true;

    /// <summary>How many ack-eliciting packets <paramref name="space"/> owes because a probe timeout expired; they ignore window and pacer.</summary>
    public int ProbesOwed(PacketNumberSpace space) => _spaces[(int)space].ProbesOwed;

    /// <summary>Remembers a frame of the packet being built in <paramref name="space"/>.</summary>
    public void Record(PacketNumberSpace space, in SentFrame frame) => _spaces[(int)space].Packets.Record(frame);

    /// <summary>The ring that packets being built in <paramref name="space"/> record their frames in.</summary>
    public SentPacketRing Packets(PacketNumberSpace space) => _spaces[(int)space].Packets;

    /// <summary>The packet being built is not sent: its frames are handed back as if they were lost.</summary>
    public void AbandonPacket(PacketNumberSpace space)
    {
        SentPacketRing packets = _spaces[(int)space].Packets;
        for (int i = 0; i < packets.OpenFrames; i++) _owner.OnFrameLost(space, packets.OpenFrame(i));
        packets.DropOpenFrames();
    }

    /// <summary>A packet was sent, with the frames recorded since the last.</summary>
    /// <param name="now">The time of sending.</param>
    /// <param name="space">Its packet number space.</param>
    /// <param name="packetNumber">Its number, above all before it; numbers may be skipped.</param>
    /// <param name="size">UDP payload bytes it takes, 1 to 65535.</param>
    /// <param name="traits">How it counts.</param>
    public void OnPacketSent(Instant now, PacketNumberSpace space, ulong packetNumber, int size, SentPacketTraits traits)
    {
        SpaceState state = _spaces[(int)space];
        ref SentPacket packet = ref state.Packets.Add(packetNumber);
        (packet.TimeSent, packet.Size, packet.Traits, packet.Path) = (now, (ushort)size, traits, _path);
        if ((traits & SentPacketTraits.Ect0) != 0) _ecn.OnMarkedPacketSent();
        if ((traits & SentPacketTraits.InFlight) != 0)
        {
            BytesInFlight += (ulong)size;
            _flight = BytesInFlight;
            _pacer.OnPacketSent(size);
        }

        if ((traits & SentPacketTraits.AckEliciting) != 0)
        {
            state.AckElicitingInFlight++;
            state.LastAckElicitingSent = now;
            _antiDeadlockStart = now;
            if (state.ProbesOwed > 0) state.ProbesOwed--;
        }
        else if (state.AckElicitingInFlight == 0)
        {
            StopWatching(state);
        }

        if (state.Packets.Span > SentPacketRing.MaxSpan)
        {
            DeclareLost(space, ref state.Packets[state.Packets.Oldest]);
            state.Packets.Trim();
        }
    }

    /// <summary>Handshake keys exist, so a client's anti-deadlock probe is a Handshake packet.</summary>
    public void OnHandshakeKeys() => _hasHandshakeKeys = true;

    /// <summary>The handshake is confirmed: 1-RTT packets are probed for, and the peer holds to its max_ack_delay.</summary>
    /// <remarks>RFC 9001 §4.1.2; RFC 9002 §6.2.1</remarks>
    public void OnHandshakeConfirmed(Instant now)
    {
        _handshakeConfirmed = true;
        _peerCompletedAddressValidation = true;
        _antiDeadlockStart = now;
    }

    /// <summary>The keys of <paramref name="space"/> are gone: its packets count no more.</summary>
    /// <remarks>RFC 9002 §6.4</remarks>
    public void DiscardSpace(Instant now, PacketNumberSpace space)
    {
        Forget(space, requeue: false);
        PtoCount = 0;
        _antiDeadlockStart = now;
    }

    /// <summary>All packets of <paramref name="space"/> are to be sent again, as after Retry; numbers go on.</summary>
    /// <remarks>RFC 9002 §6.3: a Retry is no loss.</remarks>
    public void RequeueSpace(Instant now, PacketNumberSpace space)
    {
        Forget(space, requeue: true);
        PtoCount = 0;
        _antiDeadlockStart = now;
    }

    /// <summary>The largest UDP payload changed to <paramref name="size"/> bytes.</summary>
    public void OnMaxDatagramSizeChanged(int size)
    {
        _maxDatagramSize = size;
        _controller.OnMaxDatagramSizeChanged(size);
    }

    /// <summary>The peer is reached over another path: RTT, window and ECN are learned anew, and packets of the old path count for none of them.</summary>
    /// <remarks>RFC 9000 §9.4. Not called when only the peer's port changed, as that section allows.</remarks>
    public void OnPathChanged(Instant now, int maxDatagramSize)
    {
        _path++;
        BytesInFlight = _flight = 0;
        _heldByPacer = false;
        _maxDatagramSize = maxDatagramSize;
        _rtt = new RttEstimator();
        _firstRttSample = Instant.Never;
        _controller.Start(maxDatagramSize);
        _pacer.Start(now, _controller.Window, _rtt.Smoothed, _controller.InSlowStart, maxDatagramSize);
        _ecn.Restart();
        PtoCount = 0;
        _antiDeadlockStart = now;
    }

    /// <summary>The peer is reached over another port of its address: what was learned holds, but not what was sent to the old port.</summary>
    /// <remarks>
    /// RFC 9000 §9.4. Back-off of probes to the old port is over, and a window full of packets that went there must not hold up the
    /// challenges to both ports.
    /// </remarks>
    /// <param name="maxDatagramSize">The largest UDP payload for now, in bytes.</param>
    public void OnPortChanged(int maxDatagramSize)
    {
        OnMaxDatagramSizeChanged(maxDatagramSize);
        PtoCount = 0;
        SpaceState application = _spaces[(int)PacketNumberSpace.Application];
        if (application.AckElicitingInFlight > 0) application.ProbesOwed = 2;
    }

    private void Forget(PacketNumberSpace space, bool requeue)
    {
        SpaceState state = _spaces[(int)space];
        for (ulong number = state.Packets.Oldest; number < state.Packets.Next; number++)
        {
            ref SentPacket packet = ref state.Packets[number];
            if (packet.State != SentPacketState.Outstanding) continue;
            Resolve(state, ref packet);
            if (requeue) Requeue(space, ref packet);
        }

        AbandonPacketSilently(state, space, requeue);
        state.Packets.Clear();
        state.LossTime = Instant.Never;
        state.ProbesOwed = 0;
    }

    private void AbandonPacketSilently(SpaceState state, PacketNumberSpace space, bool requeue)
    {
        if (requeue) AbandonPacket(space);
        else state.Packets.DropOpenFrames();
    }

    /// <summary>Forgets packets that need not be acknowledged, when no others are left: no timer depends on them, and a peer may never acknowledge them.</summary>
    private void StopWatching(SpaceState state)
    {
        for (ulong number = state.Packets.Oldest; number < state.Packets.Next; number++)
        {
            ref SentPacket packet = ref state.Packets[number];
            if (packet.State != SentPacketState.Outstanding) continue;
            Resolve(state, ref packet);
            packet.State = SentPacketState.Lost;
        }

        state.Packets.Trim();
    }

    /// <summary>Takes a packet out of the counts that timers and window rest on.</summary>
    private void Resolve(SpaceState state, ref SentPacket packet)
    {
        if ((packet.Traits & SentPacketTraits.AckEliciting) != 0) state.AckElicitingInFlight--;
        if ((packet.Traits & SentPacketTraits.InFlight) != 0 && packet.Path == _path) BytesInFlight -= packet.Size;
    }

    private void Requeue(PacketNumberSpace space, ref SentPacket packet)
    {
        if ((packet.Traits & SentPacketTraits.Requeued) != 0) return;
        packet.Traits |= SentPacketTraits.Requeued;
        SentPacketRing packets = _spaces[(int)space].Packets;
        for (uint i = 0; i < packet.FrameCount; i++) _owner.OnFrameLost(space, packets.Frame(packet.FirstFrame + i));
    }

    /// <summary>What each packet number space keeps beside its packets.</summary>
    private sealed class SpaceState
    {
        public readonly SentPacketRing Packets = new();
        public Instant LossTime = Instant.Never;
        public Instant LastAckElicitingSent;
        public ulong LargestAcknowledged;
        public bool HasAcknowledgement;
        public int AckElicitingInFlight;
        public int ProbesOwed;
    }
}
