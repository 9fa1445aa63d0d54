using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>How often either end is acknowledged, by agreement: draft-ietf-quic-ack-frequency.</content>
public sealed partial class QuicConnection
{
    // Microseconds, as the parameter has them: what a loop's timer can do (RFC 9002 §6.1.2).
    private const ulong MinAckDelay = 1000;

    // RFC 9000 §18.2: a max_ack_delay of 2^14 ms or more is invalid.
    private const ulong InvalidMaxAckDelay = (1UL << 14) * 1000;

    private readonly AckFrequencyRequests _ackFrequency = new();
    private readonly ulong? _ownMinAckDelay;

    /// <summary>Whether we said that we take ACK_FREQUENCY and IMMEDIATE_ACK frames.</summary>
    internal bool TakesAckFrequency => _ownMinAckDelay is not null;

    /// <summary>What we ask of the peer.</summary>
    internal AckFrequencyRequests AckFrequency => _ackFrequency;

    private static bool OffersAckFrequency(AckFrequencyOffer offer, bool isClient) =>
        offer == AckFrequencyOffer.Always || (offer == AckFrequencyOffer.AsServer && !isClient);

    /// <summary>An ACK_FREQUENCY frame came.</summary>
    internal TransportErrorCode OnAckFrequency(in AckFrequencyFrame frame)
    {
        if (_ownMinAckDelay is not { } least) return TransportErrorCode.FrameEncodingError;
        // §4: an invalid delay is an error even in a frame that was overtaken.
        if (frame.RequestedMaxAckDelay < least || frame.RequestedMaxAckDelay >= InvalidMaxAckDelay) return TransportErrorCode.ProtocolViolation;
        _application.Acks.Follow(frame);
        return TransportErrorCode.NoError;
    }

    private void ConsiderAckFrequency()
    {
        if (!_ackFrequency.IsSupported) return;
        _ackFrequency.Consider(_now, _recovery.Rtt, _recovery.CongestionWindow / (ulong)_path.Mtu.Current, _recovery.InSlowStart, _datagramsSent);
    }

    private void WriteAckFrequency(ref PacketBuilder packet)
    {
        const int MaxAckFrequency = 2 + 4 * 8;
        if (!_ackFrequency.IsDue || packet.Room < MaxAckFrequency) return;
        AckFrequencyFrame frame = _ackFrequency.Take(_now, _recovery.Rtt.Smoothed);
        packet.TryWrite(frame);
        Record(ref packet, SentFrame.Other(SentFrameKind.AckFrequency, frame.SequenceNumber));
        _recovery.PeerMaxAckDelay = _ackFrequency.PeerMaxAckDelay;
    }

    private void OnAckFrequencyAcknowledged(ulong sequence)
    {
        _ackFrequency.OnAcknowledged(sequence);
        _recovery.PeerMaxAckDelay = _ackFrequency.PeerMaxAckDelay;
    }

    /// <summary>Asks a peer that understands it not to hold back the acknowledgement of this packet.</summary>
    private void WriteImmediateAck(ref PacketBuilder packet)
    {
        if (_ackFrequency.IsSupported && packet.TryWrite(new ImmediateAckFrame())) packet.IsAckEliciting = true;
    }
}
