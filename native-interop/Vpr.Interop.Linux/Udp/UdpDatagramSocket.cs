using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>A UDP socket that moves up to <see cref="UdpSocketOptions.BatchSize"/> datagrams a system call, each with its path and ECN bits.</summary>
/// <remarks>
/// recvmmsg(2), sendmmsg(2), udp(7). Fragmentation is off (IP_PMTUDISC_PROBE), as RFC 9000 §14 asks; replies leave from the address the datagram came to
/// (RFC 9000 §9.6 is then the only way our address changes). A socket bound to one address reports it without asking the kernel each time.
/// </remarks>
public sealed class UdpDatagramSocket : IDatagramSocket
{
    private readonly SafeDescriptor _descriptor;
    private readonly int _family;
    private readonly bool _isWildcard;
    private readonly MessageArray _received;
    private readonly MessageArray _sent;
    private UdpCounters _counters;

    private UdpDatagramSocket(SafeDescriptor descriptor, int family, UdpEndpoint local, int batchSize)
    {
        _descriptor = descriptor;
        _family = family;
        LocalEndpoint = local;
        _isWildcard = UdpSocketSetup.IsUnspecified(local);
        _received = new MessageArray(batchSize, ControlMessages.ReceiveSize);
        _sent = new MessageArray(batchSize, ControlMessages.SendSize);
    }

    /// <inheritdoc/>
    public UdpEndpoint LocalEndpoint { get; }

    /// <summary>What was dropped and why, so far.</summary>
    public UdpCounters Counters => _counters;

    /// <summary>The socket's descriptor, for a poller.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <summary>Makes and binds a socket in the network namespace of this thread.</summary>
    /// <exception cref="LinuxException">The address is taken or not ours, the family is off, or a mark is set without CAP_NET_ADMIN.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is out of its range.</exception>
    public static UdpDatagramSocket Bind(UdpSocketOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BatchSize, 1024);
        SafeDescriptor descriptor = UdpSocketSetup.Open(options, out int family, out UdpEndpoint local);
        return new UdpDatagramSocket(descriptor, family, local, options.BatchSize);
    }

    /// <inheritdoc/>
    public int Receive(PacketBatch batch)
    {
        int added = 0;
        while (batch.Count < batch.Capacity)
        {
            int asked = Math.Min(batch.Capacity - batch.Count, _received.Capacity);
            for (int i = 0; i < asked; i++) _received.PrepareReceive(i, batch.Slot(batch.Count + i)[batch.Headroom..]);

            int got = Libc.recvmmsg(_descriptor, _received.AddressOf(0), (uint)asked, Libc.MSG_DONTWAIT, 0);
            if (got < 0)
            {
                CountReceive(Libc.LastError);
                break;
            }

            added += Take(batch, got);
            if (got < asked) break;
        }

        return added;
    }

    /// <inheritdoc/>
    public int Send(PacketBatch batch, int first)
    {
        int taken = 0;
        int total = batch.Count - first;
        while (taken < total)
        {
            int asked = Math.Min(total - taken, _sent.Capacity);
            for (int i = 0; i < asked; i++) PrepareSend(i, batch, first + taken + i);

            int done = 0;
            while (done < asked)
            {
                int sent = Libc.sendmmsg(_descriptor, _sent.AddressOf(done), (uint)(asked - done), Libc.MSG_DONTWAIT);
                if (sent > 0)
                {
                    done += sent;
                    continue;
                }

                LinuxErrorCode error = Libc.LastError;
                if (error == LinuxErrorCode.EAGAIN) return taken + done;
                if (error == LinuxErrorCode.EINTR) continue;
                // The error belongs to the first message that was not sent; it will never go, so it counts as taken.
                CountSend(error);
                done++;
            }

            taken += asked;
        }

        return taken;
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    /// <summary>Turns the first <paramref name="got"/> received messages, which lie in the free slots of <paramref name="batch"/>, into its packets.</summary>
    /// <returns>How many were added; a datagram that did not fit its slot is dropped.</returns>
    private int Take(PacketBatch batch, int got)
    {
        int start = batch.Count;
        int kept = 0;
        for (int i = 0; i < got; i++)
        {
            ref BatchMessageHeader message = ref _received[i];
            if ((message.Header.Flags & Libc.MSG_TRUNC) != 0
                || !SocketAddress.TryRead(_received.Name(i)[..(int)Math.Min(message.Header.NameLength, SocketAddress.MaxSize)], out UdpEndpoint remote))
            {
                _counters = _counters with { Truncated = _counters.Truncated + 1 };
                continue;
            }

            int length = (int)message.Length;
            if (kept != i)
            {
                // A dropped datagram left a hole; rare enough that one copy is cheaper than an indirection for all.
                batch.Slot(start + i).Slice(batch.Headroom, length).CopyTo(batch.Slot(start + kept)[batch.Headroom..]);
            }

            UdpEndpoint local = LocalEndpoint;
            EcnCodepoint ecn = EcnCodepoint.NotEct;
            ControlMessages.Read(_received.Control(i)[..(int)message.Header.ControlLength], ref local, ref ecn);
            ref PacketSlot slot = ref batch[batch.Add()];
            slot.Length = length;
            slot.Path = new DatagramPath(local, remote);
            slot.Ecn = ecn;
            kept++;
        }

        return kept;
    }

    private void PrepareSend(int index, PacketBatch batch, int slotIndex)
    {
        ref PacketSlot slot = ref batch[slotIndex];
        _sent.SetBuffer(index, batch.Packet(slotIndex));
        ref MessageHeader header = ref _sent[index].Header;
        header.NameLength = (uint)SocketAddress.Write(_sent.Name(index), slot.Path.Remote, _family);
        UdpEndpoint source = _isWildcard && !UdpSocketSetup.IsUnspecified(slot.Path.Local) ? slot.Path.Local : default;
        header.ControlLength = (nuint)ControlMessages.Write(
            _sent.Control(index), _family, source, slot.Path.Remote.IsIpv4, slot.Ecn);
        header.Flags = 0;
    }

    private void CountReceive(LinuxErrorCode error)
    {
        if (error is LinuxErrorCode.EAGAIN or LinuxErrorCode.EINTR) return;
        _counters = _counters with { FailedReceives = _counters.FailedReceives + 1 };
    }

    private void CountSend(LinuxErrorCode error) => _counters = error switch
    {
        LinuxErrorCode.EMSGSIZE => _counters with { TooLong = _counters.TooLong + 1 },
        LinuxErrorCode.ENETUNREACH or LinuxErrorCode.EHOSTUNREACH or LinuxErrorCode.ENETDOWN or LinuxErrorCode.EADDRNOTAVAIL =>
            _counters with { Unreachable = _counters.Unreachable + 1 },
        _ => _counters with { Refused = _counters.Refused + 1 },
    };
}
