using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>One queue of a TUN interface: raw IP packets, one system call each. The interface disappears with its last queue.</summary>
/// <remarks>
/// linux/if_tun.h and Documentation/networking/tuntap.rst: IFF_TUN | IFF_NO_PI, non-blocking, not persistent. The interface belongs to the network namespace of the
/// thread that opened it. With offloads IFF_VNET_HDR as well: the header of ten bytes is read into the slot's headroom, directly in front of the packet, and written
/// from there, so that it costs no call and no copy. Super-packets that the kernel refuses are counted and handed back, but do not switch an offload off: what peers send
/// has a part in them, and no peer is to decide that for all.
/// </remarks>
public sealed class TunDevice : IPacketDevice
{
    private const string CloneDevice = "/dev/net/tun";

    private readonly SafeDescriptor _descriptor;
    private readonly TunOptions _options;
    private readonly GatherWriter _gatherWriter;
    private readonly int _headerLength;

    private TunDevice(SafeDescriptor descriptor, string name, TunOptions options)
    {
        bool hasHeader = HasHeader(options);
        _descriptor = descriptor;
        _options = options;
        _gatherWriter = new GatherWriter(hasHeader);
        _headerLength = hasHeader ? VnetHeader.Length : 0;
        Name = name;
        Mtu = TunRequest.GetMtu(name);
        if (!hasHeader) return;
        TunRequest.SetHeaderForm(descriptor);
        Offloads = TunOffloadNegotiation.Negotiate(options.Offloads, flags => TunRequest.SetOffloads(descriptor, flags));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Mtu { get; private set; }

    /// <summary>What the kernel agreed to of <see cref="TunOptions.Offloads"/>.</summary>
    public PacketOffloads Offloads { get; }

    /// <inheritdoc/>
    public int MaxPacketLength => (Offloads & (PacketOffloads.Tso | PacketOffloads.Uso)) != 0 ? ushort.MaxValue : Mtu;

    /// <summary>Gathered packets handed back to the caller because the kernel does not do for them what they need.</summary>
    public long RefusedSuperPackets { get; private set; }

    /// <summary>Packets that the kernel refused to take since the queue was opened: malformed, interface down, or out of memory.</summary>
    public long DroppedWrites { get; private set; }

    /// <summary>Reads that failed for another reason than that no packet waits.</summary>
    public long FailedReads { get; private set; }

    /// <summary>The queue's descriptor, for a poller.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <summary>Opens an interface, and makes it when it does not exist. It starts down and without addresses.</summary>
    /// <exception cref="LinuxException">/dev/net/tun is missing or not permitted, or the name is taken.</exception>
    /// <exception cref="ArgumentException">The name is not one an interface can have.</exception>
    public static TunDevice Open(TunOptions options)
    {
        // A queue more is what the kernel would make of ours where the name is another process's.
        TunDevice device = Attach(options, isNew: options.MultiQueue);
        try
        {
            if (options.Mtu is { } mtu) device.SetMtu(mtu);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Opens one more queue of this interface, for another loop thread.</summary>
    /// <exception cref="InvalidOperationException">The interface was opened without <see cref="TunOptions.MultiQueue"/>.</exception>
    /// <exception cref="LinuxException">The kernel refuses; it allows 256 queues.</exception>
    public TunDevice OpenQueue() => _options.MultiQueue
        ? Attach(_options with { Name = Name }, isNew: false)
        : throw new InvalidOperationException("More queues need an interface that was opened with MultiQueue.");

    /// <summary>Sets the interface's MTU.</summary>
    /// <param name="mtu">Bytes, inner IP header included, 68 to 65,535; below 1280 the kernel takes IPv6 off the interface (RFC 8200 §5).</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void SetMtu(int mtu)
    {
        TunRequest.SetMtu(Name, mtu);
        Mtu = mtu;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A slot is too small for a packet of <see cref="MaxPacketLength"/> bytes, or its headroom for the header of an offloaded one.</exception>
    public int Read(PacketBatch batch)
    {
        ThrowIfTooSmall(batch);
        return Read(batch, batch.Capacity);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">With offloads: a packet has fewer than ten bytes in front of it in its slot.</exception>
    public int Write(PacketBatch batch)
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            int written = 0;
            for (int i = 0; i < batch.Count; i++)
            {
                if (CanTake(batch[i].Segmentation, batch[i].Checksum) && TryWrite(fd, Frame(batch, i))) written++;
                else DroppedWrites++;
            }

            return written;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public int Write(PacketGather gather, int first)
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            for (int i = first; i < gather.Count; i++)
            {
                ref GatheredPacket packet = ref gather[i];
                if (CanTake(packet.Segmentation, packet.Checksum) && _gatherWriter.TryWrite(fd, gather, i)) continue;
                if (IsPlain(packet.Segmentation, packet.Checksum))
                {
                    DroppedWrites++;
                    continue;
                }

                RefusedSuperPackets++;
                return i - first;
            }

            return gather.Count - first;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    /// <summary>Counts a failed read, unless it only says that no packet waits.</summary>
    internal void CountRead(LinuxErrorCode error)
    {
        if (error is not (LinuxErrorCode.EAGAIN or LinuxErrorCode.EINTR)) FailedReads++;
    }

    /// <summary>Adds at most <paramref name="limit"/> packets.</summary>
    internal int Read(PacketBatch batch, int limit)
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            int added = 0;
            while (added < limit && batch.Count < batch.Capacity)
            {
                Span<byte> free = ReadTarget(batch, batch.Count);
                nint length = Libc.read(fd, free, (nuint)free.Length);
                if (length <= 0)
                {
                    if (length < 0) CountRead(Libc.LastError);
                    break;
                }

                if (TryTake(batch, batch.Count, (int)length)) added++;
            }

            return added;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <summary>Where a read into slot <paramref name="index"/> goes: a header of ours ends where the packet begins.</summary>
    internal Span<byte> ReadTarget(PacketBatch batch, int index) => batch.Slot(index)[ReadStart(batch)..];

    /// <summary>Where in a slot a read begins, in bytes.</summary>
    internal int ReadStart(PacketBatch batch) => batch.Headroom - _headerLength;

    /// <summary>Makes what was read into slot <paramref name="index"/> the next packet of the batch.</summary>
    /// <param name="batch">The batch; its next free slot, or one behind that, was read into.</param>
    /// <param name="index">The slot.</param>
    /// <param name="bytes">What the read returned.</param>
    /// <returns>False when it is no packet, which is counted.</returns>
    internal bool TryTake(PacketBatch batch, int index, int bytes)
    {
        // A packet may lie behind reads that found nothing.
        if (index != batch.Count) ReadTarget(batch, index)[..bytes].CopyTo(ReadTarget(batch, batch.Count));
        if (TryAccept(batch, batch.Add(), bytes)) return true;
        batch.RemoveLast();
        return false;
    }

    /// <summary>Fills in slot <paramref name="index"/>, which was added for what was read into it.</summary>
    /// <returns>False when it is no packet, which is counted.</returns>
    internal bool TryAccept(PacketBatch batch, int index, int bytes)
    {
        ref PacketSlot slot = ref batch[index];
        slot.Length = bytes - _headerLength;
        if (slot.Length > 0 && (_headerLength == 0 || VnetHeader.TryRead(ReadTarget(batch, index), ref slot))) return true;
        FailedReads++;
        return false;
    }

    /// <summary>The bytes to write for a packet: itself, or the header in front of it as well.</summary>
    internal Span<byte> Frame(PacketBatch batch, int index)
    {
        if (_headerLength == 0) return batch.Packet(index);
        ref PacketSlot slot = ref batch[index];
        if (slot.Offset < _headerLength) throw new ArgumentException($"A packet needs {_headerLength} bytes in front of it in its slot.", nameof(batch));
        Span<byte> frame = batch.Slot(index).Slice(slot.Offset - _headerLength, _headerLength + slot.Length);
        VnetHeader.Write(frame, slot.Segmentation, slot.SegmentSize, headerLength: 0, slot.Checksum);
        return frame;
    }

    /// <summary>Whether the device has the offloads that a packet needs.</summary>
    internal bool CanTake(Segmentation segmentation, PartialChecksum checksum) => IsPlain(segmentation, checksum) || (Offloads & Needed(segmentation)) != 0;

    /// <summary>Writes one framed packet; the caller counts a refusal.</summary>
    internal bool WriteOne(ReadOnlySpan<byte> frame) => TryWrite((int)_descriptor.DangerousGetHandle(), frame);

    /// <summary>Counts packets that a ring could not write.</summary>
    internal void CountDroppedWrite() => DroppedWrites++;

    /// <summary>Refuses a batch that would cut packets short: the kernel cuts without saying so.</summary>
    internal void ThrowIfTooSmall(PacketBatch batch)
    {
        if (batch.SlotSize - batch.Headroom < MaxPacketLength)
            throw new ArgumentException($"A slot of {batch.SlotSize - batch.Headroom} bytes cannot hold a packet of {MaxPacketLength}.", nameof(batch));
        if (batch.Headroom < _headerLength)
            throw new ArgumentException($"A headroom of {batch.Headroom} bytes cannot hold a header of {_headerLength}.", nameof(batch));
    }

    private static bool TryWrite(int fd, ReadOnlySpan<byte> frame) => Libc.write(fd, frame, (nuint)frame.Length) == frame.Length;

    private static bool IsPlain(Segmentation segmentation, PartialChecksum checksum) => segmentation == Segmentation.None && !checksum.IsNeeded;

    private static PacketOffloads Needed(Segmentation segmentation) => segmentation switch
    {
        Segmentation.Tcp4 or Segmentation.Tcp6 => PacketOffloads.Tso,
        Segmentation.Udp => PacketOffloads.Uso,
        _ => PacketOffloads.Checksum,
    };

    private static bool HasHeader(TunOptions options) => options.Offloads != PacketOffloads.None;

    private static TunDevice Attach(TunOptions options, bool isNew)
    {
        if (!SafeDescriptor.TryOwn(
            Libc.open(CloneDevice, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC), out SafeDescriptor descriptor, out LinuxErrorCode error))
        {
            throw new LinuxException($"open {CloneDevice}", error, OpenHint(error));
        }

        try
        {
            return new TunDevice(descriptor, TunRequest.Attach(descriptor, options.Name, options.MultiQueue, isNew, HasHeader(options)), options);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static string? OpenHint(LinuxErrorCode error) => error switch
    {
        LinuxErrorCode.ENOENT => "Load the module (modprobe tun); in a container, pass the device in (--device /dev/net/tun)",
        LinuxErrorCode.ENXIO or LinuxErrorCode.ENODEV => "This kernel has no TUN driver; load the module (modprobe tun) or install it",
        LinuxErrorCode.EACCES or LinuxErrorCode.EPERM => "Run as root; in a container, allow the device and the capability CAP_NET_ADMIN",
        _ => null,
    };
}
