using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>A UDP socket of macOS: a system call a datagram, each with its path and ECN bits.</summary>
/// <remarks>
/// sendmsg(2), recvmsg(2), ip(4), ip6(4). Fragmentation is off, as RFC 9000 §14 asks; replies leave from the address the datagram came to. A socket bound to one address reports
/// it without asking the kernel each time. Runs are cut here.
/// </remarks>
public sealed class DarwinDatagramSocket : IDatagramSocket
{
    private readonly SafeDescriptor _descriptor;
    private readonly SocketAbi _abi;
    private readonly MessageBuffer _message;
    private readonly bool _isWildcard;
    private UdpCounters _counters;

    private DarwinDatagramSocket(SafeDescriptor descriptor, SocketAbi abi, in UdpEndpoint local)
    {
        _descriptor = descriptor;
        _abi = abi;
        _message = new MessageBuffer(abi);
        LocalEndpoint = local;
        _isWildcard = SocketSetup.IsUnspecified(local);
    }

    /// <inheritdoc/>
    public UdpEndpoint LocalEndpoint { get; }

    /// <summary>None: macOS has neither.</summary>
    public DatagramOffloads Offloads => DatagramOffloads.None;

    /// <summary>What was dropped and why, so far.</summary>
    public UdpCounters Counters => _counters;

    /// <summary>The socket's descriptor, for a poller.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <summary>Makes and binds a socket.</summary>
    /// <exception cref="DarwinException">The address is taken or not ours, or the family is off.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not macOS.</exception>
    public static DarwinDatagramSocket Bind(DarwinSocketOptions options) => Bind(options, SocketAbi.OfThisSystem());

    /// <summary>The same for another system.</summary>
    internal static DarwinDatagramSocket Bind(DarwinSocketOptions options, SocketAbi abi)
    {
        SafeDescriptor descriptor = SocketSetup.Open(options, abi, out UdpEndpoint local);
        return new DarwinDatagramSocket(descriptor, abi, local);
    }

    /// <inheritdoc/>
    public int Receive(PacketBatch batch)
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            int added = 0;
            // As many as there are free slots, whether they are filled or not: dropped datagrams must not keep the loop here.
            for (int asked = batch.Capacity - batch.Count; asked > 0; asked--)
            {
                int index = batch.Add();
                _message.Prepare(batch.Slot(index)[batch.Headroom..], SocketAddress.MaxSize, ControlMessages.Size);
                nint length = DarwinLibc.recvmsg(fd, _message.Address, 0);
                if (length >= 0 && TryTake(ref batch[index], (int)length))
                {
                    added++;
                    continue;
                }

                batch.RemoveLast();
                if (length >= 0) continue;
                int error = Marshal.GetLastPInvokeError();
                if (error != ErrorNumber.EAGAIN && error != ErrorNumber.EINTR) _counters = _counters with { FailedReceives = _counters.FailedReceives + 1 };
                break;
            }

            return added;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public int Send(PacketBatch batch, int first)
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            int index = first;
            while (index < batch.Count && TrySend(fd, batch, index)) index++;
            return index - first;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    /// <summary>Describes what was received.</summary>
    /// <returns>False when it did not fit its slot, which is counted.</returns>
    private bool TryTake(ref PacketSlot slot, int length)
    {
        if ((_message.Flags & _abi.Truncated) != 0 || !SocketAddress.TryRead(_message.ReceivedName, _abi, out UdpEndpoint remote))
        {
            _counters = _counters with { Truncated = _counters.Truncated + 1 };
            return false;
        }

        UdpEndpoint local = LocalEndpoint;
        EcnCodepoint ecn = EcnCodepoint.NotEct;
        ControlMessages.Read(_message.ReceivedControl, _abi, ref local, ref ecn);
        slot.Length = length;
        slot.Path = new DatagramPath(local, remote);
        slot.Ecn = ecn;
        return true;
    }

    /// <summary>Sends the datagrams of a slot.</summary>
    /// <returns>False when the kernel's buffer is full; the slot then holds what is left.</returns>
    private bool TrySend(int fd, PacketBatch batch, int index)
    {
        ref PacketSlot slot = ref batch[index];
        int sent = 0;
        while (true)
        {
            Span<byte> left = batch.Packet(index)[sent..];
            int length = slot.SegmentSize > 0 ? Math.Min(slot.SegmentSize, left.Length) : left.Length;
            int error = SendOne(fd, slot, left[..length]);
            if (error == ErrorNumber.EINTR) continue;
            if (error == ErrorNumber.EAGAIN)
            {
                slot.Offset += sent;
                slot.Length -= sent;
                return false;
            }

            if (error != 0) CountSend(error);
            sent += length;
            if (sent == slot.Length) return true;
        }
    }

    private int SendOne(int fd, in PacketSlot slot, Span<byte> datagram)
    {
        // A socket has one family; the kernel would say the same.
        if (slot.Path.Remote.IsIpv4 != LocalEndpoint.IsIpv4) return ErrorNumber.ENETUNREACH;
        UdpEndpoint source = _isWildcard && !SocketSetup.IsUnspecified(slot.Path.Local) ? slot.Path.Local : default;
        int nameLength = SocketAddress.Write(_message.Name, _abi, slot.Path.Remote);
        int controlLength = ControlMessages.Write(_message.Control, _abi, source, LocalEndpoint.IsIpv4, slot.Ecn);
        _message.Prepare(datagram, nameLength, controlLength);
        return DarwinLibc.sendmsg(fd, _message.Address, 0) >= 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Counts a datagram that will never go. ENOBUFS is among them: it tells of the device's queue, not of the socket's buffer, so there is nothing to wait for.</summary>
    private void CountSend(int error)
    {
        if (error == ErrorNumber.EMSGSIZE) _counters = _counters with { TooLong = _counters.TooLong + 1 };
        else if (error == ErrorNumber.ENETUNREACH || error == ErrorNumber.EHOSTUNREACH || error == ErrorNumber.ENETDOWN || error == ErrorNumber.EADDRNOTAVAIL)
            _counters = _counters with { Unreachable = _counters.Unreachable + 1 };
        else _counters = _counters with { Refused = _counters.Refused + 1 };
    }
}
