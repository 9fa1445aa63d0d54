using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>A utun interface of macOS: raw IP packets, one system call each. The interface disappears with this object.</summary>
/// <remarks>
/// net/if_utun.h; it starts without addresses. The header with the address family is read into the slot's headroom, directly in front of the packet, and written from there. There
/// are no offloads: every packet is one packet with its checksums complete.
/// </remarks>
public sealed class UtunDevice : IPacketDevice
{
    private readonly SafeDescriptor _descriptor;
    private readonly byte[] _header = GC.AllocateArray<byte>(UtunFrame.HeaderLength, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(DarwinLibc.IOV_MAX, pinned: true);

    /// <summary>A device over a descriptor that keeps packets apart and does not wait.</summary>
    internal UtunDevice(SafeDescriptor descriptor, string name, int mtu)
    {
        _descriptor = descriptor;
        _vectors[0].Base = Marshal.UnsafeAddrOfPinnedArrayElement(_header, 0);
        _vectors[0].Length = UtunFrame.HeaderLength;
        Name = name;
        Mtu = mtu;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Mtu { get; private set; }

    /// <summary>None.</summary>
    public PacketOffloads Offloads => PacketOffloads.None;

    /// <inheritdoc/>
    public int MaxPacketLength => Mtu;

    /// <summary>Packets that are no IP packets, or that the kernel refused to take, since the interface was opened.</summary>
    public long DroppedWrites { get; private set; }

    /// <summary>Reads that failed for another reason than that no packet waits, and what was read and is no IP packet.</summary>
    public long FailedReads { get; private set; }

    /// <summary>The interface's descriptor, for a poller.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <summary>Opens an interface.</summary>
    /// <exception cref="DarwinException">Not permitted, or the interface is another process's.</exception>
    /// <exception cref="ArgumentException">macOS has no utun interface of this name.</exception>
    public static UtunDevice Open(UtunOptions options)
    {
        SafeDescriptor descriptor = UtunControl.Open(UtunControl.ParseUnit(options.Name), out string name);
        try
        {
            if (options.Mtu is { } mtu) UtunControl.SetMtu(name, mtu);
            return new UtunDevice(descriptor, name, UtunControl.GetMtu(name));
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Sets the interface's MTU.</summary>
    /// <param name="mtu">Bytes, inner IP header included, 68 to 65,535.</param>
    /// <exception cref="DarwinException">The kernel refuses.</exception>
    public void SetMtu(int mtu)
    {
        UtunControl.SetMtu(Name, mtu);
        Mtu = mtu;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A slot is too small for a packet of <see cref="Mtu"/> bytes, or its headroom for the header.</exception>
    public int Read(PacketBatch batch)
    {
        if (batch.SlotSize - batch.Headroom < MaxPacketLength)
            throw new ArgumentException($"A slot of {batch.SlotSize - batch.Headroom} bytes cannot hold a packet of {MaxPacketLength}.", nameof(batch));
        if (batch.Headroom < UtunFrame.HeaderLength)
            throw new ArgumentException($"A headroom of {batch.Headroom} bytes cannot hold a header of {UtunFrame.HeaderLength}.", nameof(batch));
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            int added = 0;
            // Every free slot is asked for once: what is no packet leaves its slot free, and must not keep the loop here.
            for (int asked = batch.Capacity - batch.Count; asked > 0; asked--)
            {
                int index = batch.Add();
                Span<byte> target = batch.Slot(index)[(batch.Headroom - UtunFrame.HeaderLength)..];
                nint length = DarwinLibc.read(fd, target, (nuint)target.Length);
                if (length > 0 && UtunFrame.IsWhole(target[..(int)length]))
                {
                    batch[index].Length = (int)length - UtunFrame.HeaderLength;
                    added++;
                    continue;
                }

                batch.RemoveLast();
                if (length < 0)
                {
                    int error = Marshal.GetLastPInvokeError();
                    if (error != ErrorNumber.EAGAIN && error != ErrorNumber.EINTR) FailedReads++;
                    break;
                }

                FailedReads++;
            }

            return added;
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A packet has fewer than four bytes in front of it in its slot.</exception>
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
                if (TryWrite(fd, batch, i)) written++;
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
                if (packet.Segmentation != Segmentation.None || packet.Checksum.IsNeeded) return i - first;
                if (!TryWrite(fd, gather, i)) DroppedWrites++;
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

    private static bool TryWrite(int fd, PacketBatch batch, int index)
    {
        ref PacketSlot slot = ref batch[index];
        if (slot.Segmentation != Segmentation.None || slot.Checksum.IsNeeded || slot.Length == 0) return false;
        if (slot.Offset < UtunFrame.HeaderLength)
            throw new ArgumentException($"A packet needs {UtunFrame.HeaderLength} bytes in front of it in its slot.", nameof(batch));
        Span<byte> frame = batch.Slot(index).Slice(slot.Offset - UtunFrame.HeaderLength, UtunFrame.HeaderLength + slot.Length);
        return UtunFrame.TryWrite(frame, frame[UtunFrame.HeaderLength]) && DarwinLibc.write(fd, frame, (nuint)frame.Length) == frame.Length;
    }

    private unsafe bool TryWrite(int fd, PacketGather gather, int index)
    {
        ref GatheredPacket packet = ref gather[index];
        Span<byte> start = gather.First(index);
        if (packet.PieceCount >= _vectors.Length || start.IsEmpty || !UtunFrame.TryWrite(_header, start[0])) return false;
        int count = 1;
        foreach (Span<byte> piece in gather.Pieces(index))
        {
            // Safe: pieces lie in the pinned memory of a batch, which the gather keeps alive until the call is over.
            _vectors[count].Base = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(piece));
            _vectors[count].Length = (nuint)piece.Length;
            count++;
        }

        nint frame = UtunFrame.HeaderLength + packet.Length;
        bool written = DarwinLibc.writev(fd, Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, 0), count) == frame;
        GC.KeepAlive(gather);
        return written;
    }
}
