using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;

namespace Vpr.Tunnel;

public sealed partial class TunnelSession
{
    /// <summary>Sends an inner packet.</summary>
    /// <param name="now">The time.</param>
    /// <param name="slot">The packet's memory, with <see cref="Headroom"/> in front of it and <see cref="Tailroom"/> behind.</param>
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

        int offset = packet.Offset, length = facts.Length;
        if (_cipher is not null)
        {
            offset -= EpochCipher.HeaderLength;
            length += EpochCipher.Overhead;
            if (!_cipher.TrySeal(slot.Slice(offset, length)))
            {
                _counters.SendDrops++;
                return false;
            }
        }

        _counters.PacketsSent++;
        _counters.BytesSent += (ulong)facts.Length;
        if (_queue.IsEmpty && Transmit(now, stream, slot, offset, length, ref packet) is var status and not DatagramStatus.Blocked)
            return status == DatagramStatus.Sent;
        if (!_queue.TryAdd(slot.Slice(offset, length))) _counters.SendDrops++;
        return false;
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
            ReadOnlySpan<byte> payload = _queue.First;
            payload.CopyTo(slot[Headroom..]);
            DatagramStatus status = Transmit(now, stream, slot, Headroom, payload.Length, ref packet);
            if (status == DatagramStatus.Blocked) return false;
            _queue.RemoveFirst();
            if (status == DatagramStatus.Sent) return true;
        }

        return false;
    }

    private DatagramStatus Transmit(Instant now, ConnectIpStream stream, Span<byte> slot, int offset, int length, ref PacketSlot packet)
    {
        DatagramStatus status = stream.Transmit(now, _header, slot, offset, length, out int packetOffset, out int packetLength, out DatagramPath path);
        if (status == DatagramStatus.Sent)
        {
            packet.Offset = packetOffset;
            packet.Length = packetLength;
            packet.Path = path;
        }
        else if (status == DatagramStatus.TooLarge && stream.Session.TrySendDatagramCapsule(_contextId, slot.Slice(offset, length)))
        {
            // RFC 9297 §3.5: the path is too narrow for this payload in a frame; on the stream it arrives in pieces.
            stream.Flush();
        }

        return status;
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
