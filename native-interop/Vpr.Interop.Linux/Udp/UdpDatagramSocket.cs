using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>A UDP socket that moves up to <see cref="UdpSocketOptions.BatchSize"/> datagrams a system call, each with its path and ECN bits.</summary>
/// <remarks>
/// recvmmsg(2), sendmmsg(2), udp(7). Fragmentation is off (IP_PMTUDISC_PROBE), as RFC 9000 §14 asks; replies leave from the address the datagram came to
/// (RFC 9000 §9.6 is then the only way our address changes). A socket bound to one address reports it without asking the kernel each time. UDP_SEGMENT and UDP_GRO where
/// the kernel has them.
/// </remarks>
public sealed partial class UdpDatagramSocket : IDatagramSocket
{
    // Socket indices are remainders of a byte.
    private const int MaxGroup = 256;

    private readonly SafeDescriptor _descriptor;
    private readonly int _family;
    private readonly bool _isWildcard;
    private readonly MessageArray _received;
    private readonly MessageArray _sent;
    private readonly SendMessages _sendMessages;
    private UdpCounters _counters;

    private UdpDatagramSocket(SafeDescriptor descriptor, int family, UdpEndpoint local, DatagramOffloads offloads, int batchSize, SendMessages sendMessages)
    {
        _descriptor = descriptor;
        _sendMessages = sendMessages;
        Offloads = offloads;
        _family = family;
        LocalEndpoint = local;
        _isWildcard = UdpSocketSetup.IsUnspecified(local);
        _received = new MessageArray(batchSize, ControlMessages.ReceiveSize);
        _sent = new MessageArray(batchSize, ControlMessages.SendSize);
    }

    /// <inheritdoc/>
    public UdpEndpoint LocalEndpoint { get; }

    /// <summary>What the kernel does with runs now: what it has of what the options asked for, and without <see cref="DatagramOffloads.Segmentation"/> once it refused a run whose datagrams it then took.</summary>
    public DatagramOffloads Offloads { get; private set; }

    /// <summary>What was dropped and why, so far.</summary>
    public UdpCounters Counters => _counters;

    /// <summary>The socket's descriptor, for a poller.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <summary>Makes and binds a socket in the network namespace of this thread.</summary>
    /// <exception cref="LinuxException">The address is taken or not ours, the family is off, or a mark is set without CAP_NET_ADMIN.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is out of its range.</exception>
    public static UdpDatagramSocket Bind(UdpSocketOptions options) => Bind(options, Libc.sendmmsg);

    /// <summary>
    /// Makes sockets that share an address and port, one a loop thread: a QUIC packet comes to the socket whose index is the first byte of its Destination Connection ID modulo
    /// their number, and anything else to the first.
    /// </summary>
    /// <param name="options">Of each of them.</param>
    /// <param name="count">How many, 1 to 256.</param>
    /// <exception cref="LinuxException">As for <see cref="Bind(UdpSocketOptions)"/>; also EADDRINUSE when another group has the port.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count or the batch size is out of its range.</exception>
    public static UdpDatagramSocket[] BindGroup(UdpSocketOptions options, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxGroup);
        UdpDatagramSocket alone = Bind(options);
        if (count == 1) return [alone];
        // Sockets that share would join those of another process of this user without a word; one that does not finds the port taken, or free.
        alone.Dispose();
        options = options with { LocalEndpoint = alone.LocalEndpoint, ReusePort = true };
        var group = new List<UdpDatagramSocket>(count);
        try
        {
            while (group.Count < count) group.Add(Bind(options));
            ReusePortProgram.Attach(group[0]._descriptor, count);
            return [.. group];
        }
        catch
        {
            foreach (UdpDatagramSocket socket in group) socket.Dispose();
            throw;
        }
    }

    /// <summary>The same with another way to send.</summary>
    internal static UdpDatagramSocket Bind(UdpSocketOptions options, SendMessages sendMessages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BatchSize, 1024);
        SafeDescriptor descriptor = UdpSocketSetup.Open(options, out int family, out UdpEndpoint local, out DatagramOffloads offloads);
        return new UdpDatagramSocket(descriptor, family, local, offloads, options.BatchSize, sendMessages);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">With <see cref="DatagramOffloads.Receive"/>: a slot is too small for the longest run.</exception>
    public int Receive(PacketBatch batch)
    {
        ThrowIfTooSmall(batch);
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
            if (!IsWhole(message.Header.Flags, _received.Name(i)[..(int)Math.Min(message.Header.NameLength, SocketAddress.MaxSize)], out UdpEndpoint remote)) continue;

            int length = (int)message.Length;
            if (kept != i)
            {
                // A dropped datagram left a hole; rare enough that one copy is cheaper than an indirection for all.
                batch.Slot(start + i).Slice(batch.Headroom, length).CopyTo(batch.Slot(start + kept)[batch.Headroom..]);
            }

            Describe(ref batch[batch.Add()], length, remote, _received.Control(i)[..(int)message.Header.ControlLength]);
            kept++;
        }

        return kept;
    }

    /// <summary>Whether a datagram came whole and from an address we know; counts it when not.</summary>
    /// <param name="flags">msg_flags of recvmsg(2).</param>
    /// <param name="name">The sender's address as the kernel gave it.</param>
    /// <param name="remote">The same.</param>
    internal bool IsWhole(int flags, ReadOnlySpan<byte> name, out UdpEndpoint remote)
    {
        if (SocketAddress.TryRead(name, out remote) && (flags & Libc.MSG_TRUNC) == 0) return true;
        _counters = _counters with { Truncated = _counters.Truncated + 1 };
        return false;
    }

    /// <summary>Notes in a slot what came with its datagram, or run.</summary>
    internal void Describe(ref PacketSlot slot, int length, in UdpEndpoint remote, ReadOnlySpan<byte> control)
    {
        UdpEndpoint local = LocalEndpoint;
        EcnCodepoint ecn = EcnCodepoint.NotEct;
        int segmentSize = 0;
        ControlMessages.Read(control, ref local, ref ecn, ref segmentSize);
        slot.Length = length;
        slot.SegmentSize = length > segmentSize ? segmentSize : 0;
        slot.Path = new DatagramPath(local, remote);
        slot.Ecn = ecn;
    }

    /// <summary>Refuses a batch that would cut runs short.</summary>
    internal void ThrowIfTooSmall(PacketBatch batch)
    {
        if ((Offloads & DatagramOffloads.Receive) != 0 && batch.SlotSize - batch.Headroom < ushort.MaxValue)
            throw new ArgumentException($"A slot of {batch.SlotSize - batch.Headroom} bytes cannot hold a run of {ushort.MaxValue}.", nameof(batch));
    }

    /// <summary>Counts a failed receive, unless it only says that none waits.</summary>
    internal void CountReceive(LinuxErrorCode error)
    {
        if (error is LinuxErrorCode.EAGAIN or LinuxErrorCode.EINTR) return;
        _counters = _counters with { FailedReceives = _counters.FailedReceives + 1 };
    }
}
