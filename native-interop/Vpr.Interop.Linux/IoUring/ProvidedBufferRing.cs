using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>The ring by which a loop hands the kernel buffers to receive into; a request that selects from it takes the oldest.</summary>
/// <remarks>
/// io_uring_register(2), IORING_REGISTER_PBUF_RING (Linux 5.19). The kernel only reads the ring, and pins its pages; the buffers it names are written to while a request is
/// under way that selects from it.
/// </remarks>
internal sealed class ProvidedBufferRing
{
    private const int PageSize = 4096;
    private const int EntrySize = 16;

    private readonly IoUringQueue _queue;
    private readonly byte[] _memory;
    private readonly int _start;
    private readonly int _mask;
    private int _tail;

    private ProvidedBufferRing(IoUringQueue queue, ushort group, int entries)
    {
        _queue = queue;
        Group = group;
        _mask = entries - 1;
        _memory = GC.AllocateArray<byte>(entries * EntrySize + PageSize, pinned: true);
        _start = (int)(-(nint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (PageSize - 1));
    }

    /// <summary>What requests name the ring by.</summary>
    internal ushort Group { get; }

    private Span<ProvidedBuffer> Entries => MemoryMarshal.Cast<byte, ProvidedBuffer>(_memory.AsSpan(_start, (_mask + 1) * EntrySize));

    /// <summary>Sets a ring up.</summary>
    /// <param name="queue">The io_uring whose requests select from it.</param>
    /// <param name="group">Its name, which no other has.</param>
    /// <param name="capacity">How many buffers the kernel has at most, 1 to 32,768.</param>
    /// <param name="ring">The ring, empty.</param>
    /// <returns><see cref="LinuxErrorCode.None"/>, or why the kernel refused.</returns>
    internal static LinuxErrorCode TryRegister(IoUringQueue queue, ushort group, int capacity, out ProvidedBufferRing ring)
    {
        int entries = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        ring = new ProvidedBufferRing(queue, group, entries);
        return ring.Register(Libc.IORING_REGISTER_PBUF_RING, (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(ring._memory, ring._start), (uint)entries);
    }

    /// <summary>Adds a buffer, which is the kernel's from the next <see cref="Publish"/> on.</summary>
    /// <param name="bytes">Pinned memory that lives until no request selects from the ring any more.</param>
    /// <param name="id">What a completion calls it.</param>
    internal unsafe void Provide(Span<byte> bytes, int id)
    {
        ref ProvidedBuffer entry = ref Entries[_tail++ & _mask];
        // Safe: the address is only handed on. Field by field, since one of the first entry is the ring's tail.
        entry.Address = (ulong)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        entry.Length = (uint)bytes.Length;
        entry.Id = (ushort)id;
    }

    /// <summary>Lets the kernel see the buffers that were added.</summary>
    internal void Publish() => Volatile.Write(ref Entries[0].ReservedOrTail, (ushort)_tail);

    /// <summary>Takes the ring back; no request may be under way that selects from it.</summary>
    internal void Unregister() => Register(Libc.IORING_UNREGISTER_PBUF_RING, 0, 0);

    private LinuxErrorCode Register(uint operation, ulong address, uint entries)
    {
        BufferRingRegistration registration = new() { RingAddress = address, RingEntries = entries, BufferGroup = Group };
        return _queue.Register(operation, MemoryMarshal.AsBytes(new Span<BufferRingRegistration>(ref registration)), 1);
    }
}
