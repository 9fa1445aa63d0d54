using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;

namespace Vpr.Tunnel;

public sealed partial class TunnelSession
{
    /// <summary>Sends an inner packet.</summary>
    /// <param name="now">The time.</param>
    /// <param name="slot">The packet's memory, with at least <see cref="MeasureHeader"/> in front of it and <see cref="TrailerLength"/> behind.</param>
    /// <param name="packet">Where the packet lies; on success, where the datagram lies, and where it goes.</param>
    /// <returns>Whether a datagram is to be sent now; otherwise the packet waits, went by capsule, or was dropped.</returns>
    public bool TrySend(Instant now, Span<byte> slot, ref PacketSlot packet)
    {
        if (!_hasContext || _stream is not { IsOpen: true } stream)
        {
            _counters.SendDrops++;
            return false;
        }

        Span<byte> inner = slot.Slice(packet.Offset, packet.Length);
        PacketVerdict verdict = stream.Session.PrepareOutgoing(inner, Mtu, out IpPacket facts);
        if (verdict != PacketVerdict.Forward)
        {
            _counters.SendDrops++;
            Refuse(now, verdict, inner, facts);
            return false;
        }

        return SendOrQueue(now, stream, slot, facts.Length, facts, ref packet);
    }

    /// <summary>Judges a super-packet for all its segments.</summary>
    /// <param name="packet">The whole, as it came from the TUN queue.</param>
    /// <param name="longest">Bytes of the longest segment with its headers.</param>
    /// <param name="facts">What it says, for <see cref="TrySendSegment"/>.</param>
    /// <returns>Whether they may pass; otherwise <see cref="TrySend"/> tells of each why not.</returns>
    public bool TryJudge(ReadOnlySpan<byte> packet, int longest, out IpPacket facts)
    {
        facts = default;
        return _hasContext && _stream is { IsOpen: true } stream && longest <= Mtu
            && stream.Session.JudgeOutgoing(packet, out facts) == PacketVerdict.Forward;
    }

    /// <summary>As <see cref="TrySend"/>, for a segment of a super-packet that <see cref="TryJudge"/> has let pass just before.</summary>
    /// <param name="now">The time.</param>
    /// <param name="slot">The segment's memory, with at least <see cref="MeasureHeader"/> in front of it and <see cref="TrailerLength"/> behind.</param>
    /// <param name="facts">What was found then.</param>
    /// <param name="packet">Where the segment lies; on success, where the datagram lies, and where it goes.</param>
    /// <returns>Whether a datagram is to be sent now; otherwise the segment waits, went by capsule, or was dropped.</returns>
    public bool TrySendSegment(Instant now, Span<byte> slot, in IpPacket facts, ref PacketSlot packet)
    {
        // The hop limit is the last thing that may stop it, and TrySend says so.
        if (_stream is not { IsOpen: true } stream || !IpPacket.TryDecrementHopLimit(slot.Slice(packet.Offset, packet.Length)))
            return TrySend(now, slot, ref packet);
        return SendOrQueue(now, stream, slot, packet.Length, facts, ref packet);
    }

    /// <summary>Takes a datagram of packets that had to wait.</summary>
    /// <param name="now">The time.</param>
    /// <param name="slot">Free memory, as long as a packet with its room in front and behind.</param>
    /// <param name="packet">Where the datagram lies and where it goes.</param>
    /// <returns>False when none waits, or none can go now.</returns>
    public bool TrySendQueued(Instant now, Span<byte> slot, ref PacketSlot packet)
    {
        while (!_queue.IsEmpty && _stream is { IsOpen: true } stream)
        {
            // Which packet's turn it is, is known only when it is out; one that is out must go.
            int longest = Math.Min(LargestMtu + Overhead, stream.MaxPayload(_contextId));
            int offset = MeasureHeader();
            if (stream.Probe(now, _header, longest) != DatagramStatus.Sent || !_queue.TryDequeue(now, slot[offset..], out int length)) return false;
            if (SealAndTransmit(now, stream, slot, offset, length, ref packet)) return true;
        }

        return false;
    }

    private bool SendOrQueue(Instant now, ConnectIpStream stream, Span<byte> slot, int length, in IpPacket facts, ref PacketSlot packet)
    {
        // Sealed is only what goes now: a packet that waits may yet be marked or dropped, and would be sealed for nothing.
        if (!_queue.IsEmpty || stream.Probe(now, _header, length + Overhead) == DatagramStatus.Blocked)
        {
            _queue.Enqueue(now, slot.Slice(packet.Offset, length), facts);
            return false;
        }

        return SealAndTransmit(now, stream, slot, packet.Offset, length, ref packet);
    }

    private bool SealAndTransmit(Instant now, ConnectIpStream stream, Span<byte> slot, int offset, int length, ref PacketSlot packet)
    {
        int payloadOffset = offset, payloadLength = length;
        if (_cipher is not null)
        {
            payloadOffset -= EpochCipher.HeaderLength;
            payloadLength += EpochCipher.Overhead;
            if (!_cipher.TrySeal(slot.Slice(payloadOffset, payloadLength)))
            {
                _counters.SendDrops++;
                return false;
            }
        }

        DatagramStatus status = stream.Transmit(now, _header, slot, payloadOffset, payloadLength, ref packet);
        bool isCapsule = status == DatagramStatus.TooLarge && TrySendCapsule(stream, slot.Slice(payloadOffset, payloadLength));
        if (status != DatagramStatus.Sent && !isCapsule)
        {
            _counters.SendDrops++;
            return false;
        }

        _counters.PacketsSent++;
        _counters.BytesSent += (ulong)length;
        return !isCapsule;
    }

    // RFC 9297 §3.5: the path is too narrow for this payload in a frame; on the stream it arrives in pieces.
    private bool TrySendCapsule(ConnectIpStream stream, ReadOnlySpan<byte> payload)
    {
        if (!stream.Session.TrySendDatagramCapsule(_contextId, payload)) return false;
        stream.Flush();
        return true;
    }

    // The answer goes back into the interface the packet came from, as if the peer's side had sent it.
    private void Refuse(Instant now, PacketVerdict verdict, ReadOnlySpan<byte> packet, in IpPacket facts)
    {
        if (verdict == PacketVerdict.Malformed || !_icmpLimit.TryTake(now)) return;
        Span<byte> error = stackalloc byte[IcmpError.MaxLength];
        int length = IcmpError.Write(verdict, packet, facts.Destination, Mtu, error);
        if (length > 0) _handler.OnPacket(this, error[..length]);
    }

    private void Deliver(Span<byte> packet)
    {
        _counters.PacketsReceived++;
        _counters.BytesReceived += (ulong)packet.Length;
        _handler.OnPacket(this, packet);
    }
}
