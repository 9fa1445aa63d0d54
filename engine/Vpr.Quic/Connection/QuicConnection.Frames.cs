using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>Frames of the connection itself, and the fate of those that we sent: RFC 9000 §13, §19.</content>
public sealed partial class QuicConnection : ISentFrameOwner
{
    // RFC 9000 §8.1.3: a token is opaque; longer than this it would crowd an Initial.
    private const int MaxAddressToken = 512;

    /// <summary>The streams, to which frames about them are handed directly.</summary>
    internal Streams.StreamSet StreamSet => _streams;

    /// <summary>An ACK frame came.</summary>
    internal TransportErrorCode OnAck(PacketSpace space, in AckFrame frame, bool phaseBit)
    {
        _recovery.BeginAcknowledgement(space.Number, frame.LargestAcknowledged);
        foreach (PacketNumberRange range in frame)
        {
            // RFC 9000 §13.1: an acknowledgement of what was never sent.
            if (!_recovery.AcknowledgeRange(range.Smallest, range.Largest)) return TransportErrorCode.ProtocolViolation;
        }

        EcnCounts? counts = frame.HasEcnCounts ? frame.EcnCounts : null;
        _recovery.EndAcknowledgement(_now, AckDelay(space, frame.AckDelay), counts);
        if (space == _application) ConsiderAckFrequency();
        if (space.LargestAcknowledged is not { } largest || frame.LargestAcknowledged > largest)
            space.LargestAcknowledged = frame.LargestAcknowledged;
        if (space.KeyPhase is { } phase && !phase.OnAcknowledged(frame.LargestAcknowledged, phaseBit)) return TransportErrorCode.KeyUpdateError;
        return TransportErrorCode.NoError;
    }

    /// <summary>A NEW_TOKEN frame came.</summary>
    internal TransportErrorCode OnNewToken(ReadOnlySpan<byte> token)
    {
        // RFC 9000 §19.7: only servers send it.
        if (!IsClient) return TransportErrorCode.ProtocolViolation;
        if (token.Length <= MaxAddressToken) AddressToken = token.ToArray();
        return TransportErrorCode.NoError;
    }

    /// <summary>A NEW_CONNECTION_ID frame came.</summary>
    internal TransportErrorCode OnNewConnectionId(in NewConnectionIdFrame frame) => _remoteIds.Add(
        frame.SequenceNumber, frame.RetirePriorTo, new ConnectionId(frame.ConnectionId), new StatelessResetToken(frame.StatelessResetToken));

    /// <summary>A RETIRE_CONNECTION_ID frame came.</summary>
    internal TransportErrorCode OnRetireConnectionId(ulong sequence, ConnectionId packetDestination)
    {
        TransportErrorCode error = _localIds.Retire(sequence, packetDestination);
        if (error == TransportErrorCode.NoError && _peerParameters is { } peer)
            _localIds.Fill(Math.Min(peer.ActiveConnectionIdLimit, (ulong)_options.ActiveConnectionIdLimit));
        return error;
    }

    void ISentFrameOwner.OnFrameAcknowledged(PacketNumberSpace space, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentFrameKind.Ack:
                // RFC 9000 §13.2.4: what the peer knows to be received need not be told again.
                Space(space).Acks.Received.StopTelling(frame.Offset);
                break;
            case SentFrameKind.AckFrequency:
                OnAckFrequencyAcknowledged(frame.Id);
                break;
            case SentFrameKind.Crypto:
                Space(space).Crypto.OnAcknowledged(frame.Offset, frame.Length);
                break;
            case SentFrameKind.RetireConnectionId:
                _remoteIds.OnRetirementAcknowledged(frame.Id);
                break;
            default:
                _streams.OnFrameAcknowledged(frame);
                break;
        }
    }

    void ISentFrameOwner.OnFrameLost(PacketNumberSpace space, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentFrameKind.Ack:
                break;
            case SentFrameKind.Crypto:
                Space(space).Crypto.OnLost(frame.Offset, frame.Length);
                break;
            case SentFrameKind.AckFrequency:
                _ackFrequency.OnLost(frame.Id);
                break;
            case SentFrameKind.NewConnectionId:
                _localIds.OnLost(frame.Id);
                break;
            case SentFrameKind.RetireConnectionId:
                _remoteIds.OnRetirementLost(frame.Id);
                break;
            case SentFrameKind.HandshakeDone:
                _handshakeDoneUnsent = true;
                break;
            case SentFrameKind.NewToken:
                _newTokenUnsent = true;
                break;
            case SentFrameKind.PathChallenge:
                // Every challenge has new data, so it is known by the path that still waits for an answer.
                _path.Validation.OnLost();
                _formerPath?.Validation.OnLost();
                break;
            default:
                _streams.OnFrameLost(frame);
                break;
        }
    }

    void ISentFrameOwner.OnMtuProbeAcknowledged(int size)
    {
        if (_path.Mtu.OnProbeAcknowledged(_now, size)) OnMaxUdpPayloadChanged();
    }

    void ISentFrameOwner.OnMtuProbeLost(int size) => _path.Mtu.OnProbeLost(_now, size);

    void ISentFrameOwner.OnPacketAcknowledged(int size) => _path.Mtu.OnPacketAcknowledged(size);

    void ISentFrameOwner.OnPacketLost(int size)
    {
        if (_path.Mtu.OnPacketLost(size)) OnMaxUdpPayloadChanged();
    }

    private TimeSpan AckDelay(PacketSpace space, ulong encoded)
    {
        // RFC 9000 §19.3; a peer's delay of more than a minute is no delay but nonsense.
        const ulong MaxMicroseconds = 60_000_000;
        int exponent = space == _application ? _peerParameters?.AckDelayExponent ?? TransportParameters.DefaultAckDelayExponent : 0;
        ulong microseconds = encoded > MaxMicroseconds >> exponent ? MaxMicroseconds : encoded << exponent;
        return TimeSpan.FromMicroseconds(microseconds);
    }
}
