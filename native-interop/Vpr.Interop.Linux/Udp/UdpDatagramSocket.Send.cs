using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <remarks>
/// udp(7), UDP_SEGMENT. A run goes as one message of up to 64 datagrams. When the kernel refuses a run, its datagrams are sent one by one; if the first of them then
/// goes, it was not the datagram that could not, and runs are cut here from then on. A path whose MTU shrank refuses both, and costs the offload nothing.
/// </remarks>
public sealed partial class UdpDatagramSocket
{
    // UDP_MAX_SEGMENTS; Linux 6.9 and later take 128, and no call is saved by telling them apart.
    private const int MaxSegments = 64;

    // What is left of the 65,535 bytes of an IP packet for UDP payload.
    private const int MaxIpv4Payload = 65_507;
    private const int MaxIpv6Payload = 65_487;

    /// <inheritdoc/>
    public int Send(PacketBatch batch, int first)
    {
        SendPosition next = new(first, 0);
        int prepared = 0, done = 0, oneByOne = -1;
        bool isSuspect = false;
        while (next.Slot < batch.Count)
        {
            if (done == prepared)
            {
                prepared = PrepareMessages(batch, next, oneByOne);
                done = 0;
            }

            int sent = _sendMessages(_descriptor, _sent.AddressOf(done), (uint)(prepared - done), Libc.MSG_DONTWAIT);
            if (sent > 0)
            {
                for (int i = done; i < done + sent; i++) next = next.Behind(batch, _sent.LengthOf(i));
                done += sent;
                if (!isSuspect) continue;
                isSuspect = false;
                Offloads &= ~DatagramOffloads.Segmentation;
                prepared = done;
                continue;
            }

            LinuxErrorCode error = Libc.LastError;
            if (error == LinuxErrorCode.EINTR) continue;
            if (error == LinuxErrorCode.EAGAIN) break;
            int length = _sent.LengthOf(done), datagrams = DatagramsIn(in batch[next.Slot], length);
            if (datagrams > 1 && MayRefuseSegmentation(error))
            {
                isSuspect = true;
                oneByOne = next.Slot;
                prepared = done;
                continue;
            }

            // The error belongs to the first message that was not sent; it will never go, so it counts as taken.
            isSuspect = false;
            CountSend(error, datagrams);
            next = next.Behind(batch, length);
            done++;
        }

        if (next.Offset > 0)
        {
            batch[next.Slot].Offset += next.Offset;
            batch[next.Slot].Length -= next.Offset;
        }

        return next.Slot - first;
    }

    /// <summary>Fills as many messages as there are, from a position on.</summary>
    /// <returns>How many.</returns>
    private int PrepareMessages(PacketBatch batch, SendPosition from, int oneByOne)
    {
        int count = 0;
        while (count < _sent.Capacity && from.Slot < batch.Count)
        {
            ref PacketSlot slot = ref batch[from.Slot];
            bool mayRun = (Offloads & DatagramOffloads.Segmentation) != 0 && from.Slot != oneByOne;
            int length = NextLength(in slot, from.Offset, mayRun);
            PrepareSend(count, in slot, batch.Packet(from.Slot).Slice(from.Offset, length));
            from = from.Behind(batch, length);
            count++;
        }

        return count;
    }

    /// <summary>The bytes of the next message of a slot.</summary>
    private static int NextLength(in PacketSlot slot, int offset, bool mayRun)
    {
        int left = slot.Length - offset;
        if (slot.SegmentSize <= 0 || left <= slot.SegmentSize) return left;
        if (!mayRun) return slot.SegmentSize;
        int segments = Math.Min(MaxSegments, (slot.Path.Remote.IsIpv4 ? MaxIpv4Payload : MaxIpv6Payload) / slot.SegmentSize);
        return Math.Min(left, Math.Max(1, segments) * slot.SegmentSize);
    }

    private static int DatagramsIn(in PacketSlot slot, int length) =>
        slot.SegmentSize > 0 && length > slot.SegmentSize ? (length + slot.SegmentSize - 1) / slot.SegmentSize : 1;

    private void PrepareSend(int index, in PacketSlot slot, Span<byte> message)
    {
        _sent.SetBuffer(index, message);
        ref MessageHeader header = ref _sent[index].Header;
        header.NameLength = (uint)SocketAddress.Write(_sent.Name(index), slot.Path.Remote, _family);
        UdpEndpoint source = _isWildcard && !UdpSocketSetup.IsUnspecified(slot.Path.Local) ? slot.Path.Local : default;
        int segmentSize = DatagramsIn(in slot, message.Length) > 1 ? slot.SegmentSize : 0;
        header.ControlLength = (nuint)ControlMessages.Write(
            _sent.Control(index), _family, source, slot.Path.Remote.IsIpv4, slot.Ecn, segmentSize);
        header.Flags = 0;
    }

    /// <summary>Whether the offload may be the reason: EIO when a device cannot do the checksums or a transform is on the way, EINVAL and EMSGSIZE for sizes too, the rest when it is not there at all.</summary>
    private static bool MayRefuseSegmentation(LinuxErrorCode error) => error is LinuxErrorCode.EIO or LinuxErrorCode.EINVAL or LinuxErrorCode.EMSGSIZE
        or LinuxErrorCode.EOPNOTSUPP or LinuxErrorCode.ENOPROTOOPT;

    private void CountSend(LinuxErrorCode error, int datagrams) => _counters = error switch
    {
        LinuxErrorCode.EMSGSIZE => _counters with { TooLong = _counters.TooLong + datagrams },
        LinuxErrorCode.ENETUNREACH or LinuxErrorCode.EHOSTUNREACH or LinuxErrorCode.ENETDOWN or LinuxErrorCode.EADDRNOTAVAIL =>
            _counters with { Unreachable = _counters.Unreachable + datagrams },
        _ => _counters with { Refused = _counters.Refused + datagrams },
    };
}
