using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>One queue of a TUN interface: raw IP packets, one system call each. The interface disappears with its last queue.</summary>
/// <remarks>
/// linux/if_tun.h and Documentation/networking/tuntap.rst: IFF_TUN | IFF_NO_PI, non-blocking, not persistent. The interface belongs to the network namespace of the
/// thread that opened it. IFF_VNET_HDR is not asked for, so <see cref="PacketSlot.SegmentSize"/> is 0 for every packet.
/// </remarks>
public sealed class TunDevice : IPacketDevice
{
    private const string CloneDevice = "/dev/net/tun";

    private readonly SafeDescriptor _descriptor;
    private readonly bool _multiQueue;

    private TunDevice(SafeDescriptor descriptor, string name, bool multiQueue)
    {
        _descriptor = descriptor;
        _multiQueue = multiQueue;
        Name = name;
        Mtu = TunRequest.GetMtu(name);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Mtu { get; private set; }

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
        TunDevice device = Attach(options.Name, options.MultiQueue);
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
    public TunDevice OpenQueue() => _multiQueue
        ? Attach(Name, multiQueue: true)
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
    /// <exception cref="ArgumentException">A slot is too small for a packet of <see cref="Mtu"/> bytes.</exception>
    public int Read(PacketBatch batch)
    {
        ThrowIfTooSmall(batch);
        return Read(batch, batch.Capacity);
    }

    /// <inheritdoc/>
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
                ReadOnlySpan<byte> packet = batch.Packet(i);
                if (Libc.write(fd, packet, (nuint)packet.Length) == packet.Length) written++;
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
                Span<byte> free = batch.Slot(batch.Count)[batch.Headroom..];
                nint length = Libc.read(fd, free, (nuint)free.Length);
                if (length <= 0)
                {
                    if (length < 0) CountRead(Libc.LastError);
                    break;
                }

                batch[batch.Add()].Length = (int)length;
                added++;
            }

            return added;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <summary>Writes one packet; the caller counts a refusal.</summary>
    internal bool WriteOne(ReadOnlySpan<byte> packet) =>
        Libc.write((int)_descriptor.DangerousGetHandle(), packet, (nuint)packet.Length) == packet.Length;

    /// <summary>Counts packets that a ring could not write.</summary>
    internal void CountDroppedWrite() => DroppedWrites++;

    /// <summary>Refuses a batch that would cut packets short: the kernel cuts without saying so.</summary>
    internal void ThrowIfTooSmall(PacketBatch batch)
    {
        if (batch.SlotSize - batch.Headroom < Mtu)
            throw new ArgumentException($"A slot of {batch.SlotSize - batch.Headroom} bytes cannot hold a packet of {Mtu}.", nameof(batch));
    }

    private static TunDevice Attach(string name, bool multiQueue)
    {
        if (!SafeDescriptor.TryOwn(
            Libc.open(CloneDevice, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC), out SafeDescriptor descriptor, out LinuxErrorCode error))
        {
            throw new LinuxException($"open {CloneDevice}", error, OpenHint(error));
        }

        try
        {
            return new TunDevice(descriptor, TunRequest.Attach(descriptor, name, multiQueue), multiQueue);
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
