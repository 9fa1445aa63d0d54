using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Hosting.Loop;

/// <summary>Packets on their way from one loop to another, oldest first: a ring of bytes that one thread writes and one thread reads, without a lock.</summary>
/// <remarks>A record is its head, the packet, and what is missing to the next multiple of the head's size, so that a head always fits before the ring's end.</remarks>
internal sealed class HandoverRing
{
    /// <summary>Bytes of the ring: a few super-packets, as much as a loop takes of its own queue in a round.</summary>
    public const int Capacity = 512 << 10;

    // What stands where a packet would not have fitted before the ring's end.
    private const int Skip = -1;

    private static readonly int s_headSize = Unsafe.SizeOf<Head>();

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Capacity);

    // Bytes since the beginning; the writer's alone and the reader's alone to change.
    private long _written;
    private long _read;

    /// <summary>Whether no packet waits; both threads may ask.</summary>
    public bool IsEmpty => Volatile.Read(ref _read) == Volatile.Read(ref _written);

    /// <summary>Copies a packet into the ring; the writing thread's.</summary>
    /// <param name="packet">1 to 65,535 bytes.</param>
    /// <param name="facts">Its segmentation and checksum are kept with it.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWrite(ReadOnlySpan<byte> packet, in PacketSlot facts)
    {
        int size = SizeOf(packet.Length), at = (int)(_written % Capacity);
        int skipped = at + size <= Capacity ? 0 : Capacity - at;
        if (_written + skipped + size - Volatile.Read(ref _read) > Capacity) return false;
        if (skipped > 0)
        {
            Put(at, new Head { Length = Skip });
            at = 0;
        }

        Put(at, new Head { Length = packet.Length, SegmentSize = facts.SegmentSize, Segmentation = facts.Segmentation, Checksum = facts.Checksum });
        packet.CopyTo(_bytes.AsSpan(at + s_headSize));
        Volatile.Write(ref _written, _written + skipped + size);
        return true;
    }

    /// <summary>Shows the oldest packet; the reading thread's.</summary>
    /// <param name="packet">Its bytes, valid until <see cref="Release"/>.</param>
    /// <param name="facts">What was given with it.</param>
    public bool TryPeek(out ReadOnlySpan<byte> packet, out PacketSlot facts)
    {
        packet = default;
        facts = default;
        if (IsEmpty) return false;
        if (HeadAt(_read).Length == Skip) Volatile.Write(ref _read, _read + Capacity - _read % Capacity);
        Head head = HeadAt(_read);
        packet = _bytes.AsSpan((int)(_read % Capacity) + s_headSize, head.Length);
        facts.Length = head.Length;
        (facts.SegmentSize, facts.Segmentation, facts.Checksum) = (head.SegmentSize, head.Segmentation, head.Checksum);
        return true;
    }

    /// <summary>Gives the oldest packet's room back; the reading thread's, after <see cref="TryPeek"/> was true.</summary>
    public void Release() => Volatile.Write(ref _read, _read + SizeOf(HeadAt(_read).Length));

    private static int SizeOf(int length) => (s_headSize + length + s_headSize - 1) / s_headSize * s_headSize;

    private void Put(int at, Head head) => MemoryMarshal.Write(_bytes.AsSpan(at), in head);

    private Head HeadAt(long position) => MemoryMarshal.Read<Head>(_bytes.AsSpan((int)(position % Capacity)));

    // 16 bytes: the ring's size is a multiple of it.
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Head
    {
        public int Length;
        public int SegmentSize;
        public PartialChecksum Checksum;
        public Segmentation Segmentation;
    }
}
