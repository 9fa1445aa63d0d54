using Vpr.Io;
using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Recovery;

/// <summary>A recovery on a bench: packets are sent and acknowledged by number, at times in milliseconds.</summary>
internal sealed class RecoveryBench<TController>
    where TController : struct, ICongestionController
{
    public const int Size = 1200;
    private const long Origin = 100_000_000_000;
    private const SentPacketTraits Eliciting = SentPacketTraits.AckEliciting | SentPacketTraits.InFlight;

    public RecoveryBench(bool isClient = true, bool useEcn = false, bool confirmed = true)
    {
        Recovery = new LossRecovery<TController>(At(0), isClient, Size, useEcn, Frames);
        Recovery.PeerMaxAckDelay = TimeSpan.Zero;
        if (confirmed) Recovery.OnHandshakeConfirmed(At(0));
    }

    public FrameRecorder Frames { get; } = new();

    public LossRecovery<TController> Recovery { get; }

    public static Instant At(double milliseconds) => new(Origin + (long)(milliseconds * 1_000_000));

    public static double Milliseconds(Instant instant) => (instant.Nanoseconds - Origin) / 1e6;

    public void Send(double ms, ulong number, PacketNumberSpace space = PacketNumberSpace.Application, SentPacketTraits traits = Eliciting, int size = Size)
    {
        // The frame's offset is the packet's number, so that the recorder shows which packet it was.
        if ((traits & SentPacketTraits.AckEliciting) != 0) Recovery.Record(space, SentFrame.Crypto(number, 1));
        Recovery.OnPacketSent(At(ms), space, number, size, traits);
    }

    public bool Acknowledge(double ms, ulong first, ulong last, PacketNumberSpace space = PacketNumberSpace.Application, double ackDelay = 0, EcnCounts? ecn = null)
    {
        Recovery.BeginAcknowledgement(space, last);
        if (!Recovery.AcknowledgeRange(first, last)) return false;
        Recovery.EndAcknowledgement(At(ms), TimeSpan.FromMilliseconds(ackDelay), ecn);
        return true;
    }
}
