using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vpr.Io;

/// <summary>A fixed number of packet slots over one pinned buffer, filled by a device or socket and drained by the loop, or the other way round.</summary>
/// <remarks>
/// Each slot has <see cref="Headroom"/> bytes in front of its packet, in which headers are written around a payload without moving it.
/// A batch belongs to one loop thread and is reused for the life of the loop; its memory is pinned, so a kernel may hold its address.
/// </remarks>
public sealed class PacketBatch
{
    private readonly byte[] _buffer;
    private readonly PacketSlot[] _slots;

    /// <summary>Allocates the slots; the only allocation a batch ever makes.</summary>
    /// <param name="capacity">How many packets a batch holds, 1 or more.</param>
    /// <param name="slotSize">Bytes of a slot, headroom included; large enough for the biggest packet, or super-packet, of the device.</param>
    /// <param name="headroom">Bytes kept free in front of each packet; less than <paramref name="slotSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public PacketBatch(int capacity, int slotSize, int headroom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(headroom);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(slotSize, headroom);
        Capacity = capacity;
        SlotSize = slotSize;
        Headroom = headroom;
        // Not cleared: a large slot's pages then cost memory only once a packet has lain in them.
        _buffer = GC.AllocateUninitializedArray<byte>(checked(capacity * slotSize), pinned: true);
        _slots = new PacketSlot[capacity];
        for (int block = 0; block < capacity; block++) _slots[block].Block = block;
    }

    /// <summary>How many packets fit.</summary>
    public int Capacity { get; }

    /// <summary>Bytes of one slot, headroom included.</summary>
    public int SlotSize { get; }

    /// <summary>Bytes in front of a packet as a device delivers it.</summary>
    public int Headroom { get; }

    /// <summary>The bytes of all slots.</summary>
    internal Span<byte> Memory => _buffer;

    /// <summary>How many slots, from the first, hold a packet now.</summary>
    public int Count { get; private set; }

    /// <summary>The metadata of slot <paramref name="index"/>, to read and to change.</summary>
    public ref PacketSlot this[int index] => ref _slots[index];

    /// <summary>All bytes of slot <paramref name="index"/>, headroom first; valid as long as the batch.</summary>
    public Span<byte> Slot(int index) => _buffer.AsSpan(_slots[index].Block * SlotSize, SlotSize);

    /// <summary>All bytes of the slot that <see cref="Add()"/> takes next.</summary>
    internal Span<byte> NextSlot => Slot(Count);

    /// <summary>Whether bytes lie in the batch's memory.</summary>
    public bool Contains(ReadOnlySpan<byte> bytes)
    {
        nint offset = Unsafe.ByteOffset(ref MemoryMarshal.GetReference<byte>(_buffer), ref MemoryMarshal.GetReference(bytes));
        return offset >= 0 && offset <= _buffer.Length - bytes.Length;
    }

    /// <summary>The packet in slot <paramref name="index"/>.</summary>
    public Span<byte> Packet(int index)
    {
        ref PacketSlot slot = ref _slots[index];
        return Slot(index).Slice(slot.Offset, slot.Length);
    }

    /// <summary>Takes the next free slot with its offset at <see cref="Headroom"/> and the rest cleared.</summary>
    /// <returns>The slot's index, or -1 when the batch is full.</returns>
    public int Add()
    {
        if (Count == Capacity) return -1;
        _slots[Count] = new PacketSlot { Offset = Headroom, Block = _slots[Count].Block };
        return Count++;
    }

    /// <summary>As <see cref="Add()"/>, for a packet that lies in a certain part of the batch's memory already: a kernel that receives ahead chooses itself which it fills.</summary>
    /// <param name="block">The <see cref="PacketSlot.Block"/> of a free slot, which gets the next slot's memory in return.</param>
    /// <returns>The slot's index, or -1 when no free slot has that memory.</returns>
    public int Add(int block)
    {
        for (int index = Count; index < Capacity; index++)
        {
            if (_slots[index].Block != block) continue;
            (_slots[Count].Block, _slots[index].Block) = (block, _slots[Count].Block);
            return Add();
        }

        return -1;
    }

    /// <summary>Gives the last slot back, for a packet that turned out not to be sent.</summary>
    public void RemoveLast()
    {
        if (Count == 0) throw new InvalidOperationException("The batch is empty.");
        Count--;
    }

    /// <summary>Removes the slots whose length is 0 and keeps the order of the rest: a packet that is not to go on is marked so while a batch is looked through.</summary>
    /// <remarks>Slots trade their memory; no packet is moved.</remarks>
    public void RemoveEmpty()
    {
        int kept = 0;
        for (int index = 0; index < Count; index++)
        {
            if (_slots[index].Length == 0) continue;
            if (kept != index) (_slots[kept], _slots[index]) = (_slots[index], _slots[kept]);
            kept++;
        }

        Count = kept;
    }

    /// <summary>Empties the batch; the bytes stay until they are overwritten.</summary>
    public void Clear() => Count = 0;
}
