using Vpr.Io;

namespace Vpr.Quic.Recovery;

/// <summary>Facts about a packet that decide how its fate is counted.</summary>
/// <remarks>RFC 9002 §2 and A.1.1</remarks>
[Flags]
internal enum SentPacketTraits : byte
{
    /// <summary>ACK, PADDING or CONNECTION_CLOSE alone without padding.</summary>
    None = 0,

    /// <summary>The peer must acknowledge it.</summary>
    AckEliciting = 1,

    /// <summary>It counts toward bytes in flight: ack-eliciting, or holds PADDING.</summary>
    InFlight = 2,

    /// <summary>A DPLPMTUD probe: its loss says nothing about congestion (RFC 9000 §14.4).</summary>
    MtuProbe = 4,

    /// <summary>Sent with ECT(0).</summary>
    Ect0 = 8,

    /// <summary>Its frames were queued again by a probe timeout, so its loss need not queue them a second time.</summary>
    Requeued = 16,
}

/// <summary>Where a packet number stands.</summary>
internal enum SentPacketState : byte
{
    /// <summary>The number was never used: skipped on purpose, to catch acknowledgements made up by a peer (RFC 9000 §21.4).</summary>
    Skipped,

    /// <summary>Sent, fate unknown.</summary>
    Outstanding,

    /// <summary>Acknowledged.</summary>
    Acknowledged,

    /// <summary>Declared lost, or not worth watching any more.</summary>
    Lost,
}

/// <summary>What is remembered of a sent packet; its frames are <see cref="FrameCount"/> entries from <see cref="FirstFrame"/> on in the ring's frame record.</summary>
/// <remarks>RFC 9002 A.1.1. 24 bytes.</remarks>
internal struct SentPacket
{
    /// <summary>When it was sent.</summary>
    public Instant TimeSent;

    /// <summary>The running number of its first frame.</summary>
    public ulong FirstFrame;

    /// <summary>How many frames were recorded.</summary>
    public ushort FrameCount;

    /// <summary>UDP payload bytes it took, 0 to 65535.</summary>
    public ushort Size;

    /// <summary>How its fate is counted.</summary>
    public SentPacketTraits Traits;

    /// <summary>Where it stands.</summary>
    public SentPacketState State;

    /// <summary>Which path it was sent on, as a count of path changes modulo 256.</summary>
    public byte Path;

    /// <summary>Whether all of <paramref name="traits"/> hold.</summary>
    public readonly bool Has(SentPacketTraits traits) => (Traits & traits) == traits;
}
