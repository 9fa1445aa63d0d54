namespace Vpr.Io;

/// <summary>Datagrams to be sent, built side by side where that makes a run: of one path and mark and of one size, the last may be shorter, so that the kernel takes them in one call.</summary>
/// <remarks>
/// udp(7), UDP_SEGMENT. Room is reserved, a datagram is built in it or not, and a built one is committed; a slot of <see cref="Batch"/> is a run.
/// Belongs to one loop thread; nothing is allocated after its creation.
/// </remarks>
public sealed class DatagramRuns
{
    /// <summary>Datagrams of a run at most; what the kernel allows for UDP_SEGMENT.</summary>
    public const int MaxSegments = 64;

    // An IP packet's 65,535 bytes less its headers.
    private const int MaxRunLength = 65_535 - 40 - 8;

    private readonly int _runs;
    private readonly int _longest;
    private int _segments;
    private bool _isOpen;
    private bool _continues;

    /// <summary>Allocates the memory.</summary>
    /// <param name="runs">How many runs there is room for, 1 or more.</param>
    /// <param name="longest">Bytes of the longest datagram and of the room around it that is ever reserved, 1 to 65,487.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public DatagramRuns(int runs, int longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longest, MaxRunLength);
        _runs = runs;
        _longest = longest;
        // One more, for a datagram that came out other than its reservation said and has to begin a run of its own.
        Batch = new PacketBatch(runs + 1, MaxRunLength, headroom: 0);
    }

    /// <summary>The runs, to be sent.</summary>
    public PacketBatch Batch { get; }

    /// <summary>Makes room for a datagram: at the end of the last run where it may continue that, otherwise for a run of its own.</summary>
    /// <param name="length">The datagram's bytes, exactly, or at most when <paramref name="isExact"/> is false.</param>
    /// <param name="isExact">Whether the datagram will have that length, so that a longer one than its run's can begin a new one at once.</param>
    /// <param name="slack">Room that a datagram which begins a run may have in front.</param>
    /// <param name="room">The room. A datagram that continues a run begins with its first byte.</param>
    /// <param name="continues">Whether the room is the end of a run: then there is no slack.</param>
    /// <returns>False when there is no room before the runs are sent.</returns>
    public bool TryReserve(int length, bool isExact, int slack, out Span<byte> room, out bool continues)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length + slack, _longest);
        room = default;
        continues = _continues = false;
        if (_isOpen && Batch.Count <= _runs)
        {
            ref PacketSlot last = ref Batch[Batch.Count - 1];
            int end = last.Offset + last.Length;
            if ((!isExact || length <= last.SegmentSize) && end + length <= MaxRunLength)
            {
                room = Batch.Slot(Batch.Count - 1)[end..];
                continues = _continues = true;
                return true;
            }
        }

        if (Batch.Count >= _runs) return false;
        // The slot after the last: it is added when a datagram is committed.
        room = Batch.NextSlot;
        return true;
    }

    /// <summary>Adds the datagram that was built in the room reserved last.</summary>
    /// <param name="offset">Where it begins in the room.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="ecn">Its mark.</param>
    public void Commit(int offset, int length, in DatagramPath path, EcnCodepoint ecn)
    {
        if (_continues)
        {
            ref PacketSlot last = ref Batch[Batch.Count - 1];
            if (offset == 0 && length <= last.SegmentSize && last.Path == path && last.Ecn == ecn)
            {
                last.Length += length;
                _isOpen = ++_segments < MaxSegments && length == last.SegmentSize;
                return;
            }

            Span<byte> built = Batch.Slot(Batch.Count - 1).Slice(last.Offset + last.Length + offset, length);
            built.CopyTo(Batch.NextSlot);
            offset = 0;
        }

        ref PacketSlot run = ref Batch[Batch.Add()];
        run.Offset = offset;
        run.Length = run.SegmentSize = length;
        run.Path = path;
        run.Ecn = ecn;
        _segments = 1;
        _isOpen = true;
        _continues = false;
    }

    /// <summary>Empties the runs after they were sent.</summary>
    public void Clear()
    {
        Batch.Clear();
        _isOpen = _continues = false;
    }
}
