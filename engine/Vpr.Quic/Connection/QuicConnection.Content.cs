using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>What a packet is filled with: RFC 9000 §12.5, §13.</content>
public sealed partial class QuicConnection
{
    private bool HasContent(PacketSpace space)
    {
        if (!space.CanSend || space.IsDiscarded) return false;
        if (space.Crypto.HasUnsent || space.PingRequested) return true;
        if (space != _application) return false;
        return _handshakeDoneUnsent || _newTokenUnsent || _ackFrequency.IsDue || _path.Validation.IsUnsent || _pathResponse is { } response && response.Path.Remote == _path.Address.Remote
            || _localIds.HasUnsent || _remoteIds.HasUnsentRetirement
            || (IsHandshakeComplete && (!_datagrams.IsEmpty || _streams.WantsToSend));
    }

    private void WriteContent(ref PacketBuilder packet, PacketSpace space)
    {
        WriteCrypto(ref packet, space);
        if (space != _application) return;

        WriteHandshakeDone(ref packet);
        WritePathFrames(ref packet);
        WriteConnectionIds(ref packet);
        WriteNewToken(ref packet);
        WriteAckFrequency(ref packet);
        if (!IsHandshakeComplete) return;
        WriteDatagrams(ref packet);
        int written = _streams.WriteFrames(packet.Free, _recovery.Packets(PacketNumberSpace.Application));
        packet.Advance(written);
        packet.IsAckEliciting |= written > 0;
    }

    private bool TryWriteAck(ref PacketBuilder packet, PacketSpace space)
    {
        int length = WriteAck(packet.Free, space, out bool isWhole);
        if (length == 0) return false;
        packet.Advance(length);
        if (isWhole) RecordAck(space);
        return true;
    }

    /// <summary>Writes an ACK frame with as many ranges as fit.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="space">Whose packets it acknowledges.</param>
    /// <param name="isWhole">Whether all ranges fitted.</param>
    /// <returns>Its length; 0 when nothing was received yet or not even one range fits.</returns>
    private int WriteAck(Span<byte> destination, PacketSpace space, out bool isWhole)
    {
        AckGenerator acks = space.Acks;
        isWhole = false;
        ReadOnlySpan<PacketNumberRange> ranges = acks.Received.Ranges;
        if (ranges.IsEmpty) return 0;
        EcnCounts? counts = acks.Ect0Count + acks.Ect1Count + acks.CeCount == 0
            ? null
            : new EcnCounts(acks.Ect0Count, acks.Ect1Count, acks.CeCount);
        // RFC 9000 §19.3: microseconds, scaled by our own exponent, which is the default.
        ulong delay = (ulong)Math.Max(0, acks.DelayAt(_now).Ticks / TimeSpan.TicksPerMicrosecond) >> TransportParameters.DefaultAckDelayExponent;
        int length = AckFrame.Write(destination, ranges, delay, counts, out int written);
        isWhole = written == ranges.Length;
        return length;
    }

    // RFC 9000 §13.2.4: once the peer has it, what it tells need not be told again. So only one that tells all ranges is recorded: those
    // that did not fit must be told yet, or the peer takes their packets for lost.
    private void RecordAck(PacketSpace space) => _recovery.Record(space.Number, SentFrame.Other(SentFrameKind.Ack, value: space.Acks.Received.Ranges[0].Largest));

    private void WriteCrypto(ref PacketBuilder packet, PacketSpace space)
    {
        // Type, offset and length before the data; less data than this is left for the next packet.
        const int MaxHeader = 1 + 4 + 2;
        const int MinData = 16;
        while (space.Crypto.HasUnsent && packet.Room >= MaxHeader + MinData)
        {
            if (!space.Crypto.TryTake(packet.Room - MaxHeader, out ulong offset, out int length)) return;
            Span<byte> free = packet.Free;
            int header = WriteCryptoHeader(free, offset, length);
            space.Crypto.CopyTo(offset, free.Slice(header, length));
            packet.Advance(header + length);
            packet.IsAckEliciting = true;
            _recovery.Record(space.Number, SentFrame.Crypto(offset, length));
        }
    }

    // Written by hand because the data lies in pieces (CryptoFrame wants one span).
    private static int WriteCryptoHeader(Span<byte> destination, ulong offset, int length)
    {
        destination[0] = 0x06;
        int written = 1 + Wire.VarInt.Write(destination[1..], offset);
        return written + Wire.VarInt.Write(destination[written..], (ulong)length);
    }

    private void WriteHandshakeDone(ref PacketBuilder packet)
    {
        if (!_handshakeDoneUnsent || !packet.TryWrite(new HandshakeDoneFrame())) return;
        _handshakeDoneUnsent = false;
        Record(ref packet, SentFrame.Other(SentFrameKind.HandshakeDone));
    }

    private void WriteNewToken(ref PacketBuilder packet)
    {
        if (!_newTokenUnsent || !packet.TryWrite(new NewTokenFrame { Token = _newToken })) return;
        _newTokenUnsent = false;
        Record(ref packet, SentFrame.Other(SentFrameKind.NewToken));
    }

    private void WriteConnectionIds(ref PacketBuilder packet)
    {
        const int MaxNewConnectionId = 1 + 8 + 8 + 1 + ConnectionId.MaxLength + StatelessResetToken.Length;
        const int MaxRetire = 1 + 8;
        Span<byte> bytes = stackalloc byte[ConnectionId.MaxLength + StatelessResetToken.Length];
        while (packet.Room >= MaxNewConnectionId && _localIds.TryTakeUnsent(out ulong sequence, out ConnectionId id, out StatelessResetToken token))
        {
            Span<byte> tokenBytes = bytes[ConnectionId.MaxLength..];
            token.CopyTo(tokenBytes);
            NewConnectionIdFrame frame = new()
            {
                SequenceNumber = sequence,
                RetirePriorTo = 0,
                ConnectionId = bytes[..id.CopyTo(bytes)],
                StatelessResetToken = tokenBytes,
            };
            packet.Advance(frame.Write(packet.Free));
            Record(ref packet, SentFrame.Other(SentFrameKind.NewConnectionId, sequence));
        }

        while (packet.Room >= MaxRetire && _remoteIds.TryTakeUnsentRetirement(out ulong retired))
        {
            packet.TryWrite(new RetireConnectionIdFrame(retired));
            Record(ref packet, SentFrame.Other(SentFrameKind.RetireConnectionId, retired));
        }
    }

    private void Record(ref PacketBuilder packet, in SentFrame frame)
    {
        packet.IsAckEliciting = true;
        _recovery.Record(PacketNumberSpace.Application, frame);
    }
}
