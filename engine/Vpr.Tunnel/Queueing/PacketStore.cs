using System.Buffers;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Tunnel.Queueing;

/// <summary>The memory of packets that wait: pages of a shared pool, cut into cells, of which a packet takes as many as it needs.</summary>
/// <remarks>Takes nothing before the first packet waits and gives everything back when none does. Packets are known by their first cell.</remarks>
internal sealed class PacketStore
{
    /// <summary>Bytes of memory at most.</summary>
    public const int MaxBytes = MaxPages * PageSize;

    /// <summary>Packets at most, when each fits a cell; of the longest inner packets a third.</summary>
    public const int MaxPackets = MaxPages * CellsPerPage;

    /// <summary>No packet.</summary>
    public const int None = -1;

    private const int PageSize = 64 << 10;
    private const int MaxPages = 16;

    // Three cells hold the longest inner packet: fewer and larger ones would waste more on acknowledgements, more cost time.
    private const int CellSize = HeaderSize + 472;
    private const int HeaderSize = 24;
    private const int CellsPerPage = PageSize / CellSize;
    private const int PayloadSize = CellSize - HeaderSize;

    private readonly byte[][] _pages = new byte[MaxPages][];
    private int _pageCount;
    private int _usedCells;

    // Cells from here on have never been used since the pages were taken; those that were and are free hang on one another.
    private int _freshCell;
    private int _freeCell = None;

    /// <summary>Bytes of memory taken now.</summary>
    public int MemoryTaken => _pageCount * PageSize;

    /// <summary>Copies a packet in.</summary>
    /// <param name="now">The time, kept with it.</param>
    /// <param name="content">The packet, 1 byte to 64 KiB.</param>
    /// <param name="packet">What it is known by.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(Instant now, ReadOnlySpan<byte> content, out int packet)
    {
        packet = None;
        int cells = (content.Length + PayloadSize - 1) / PayloadSize;
        if (cells > MaxPackets - _usedCells) return false;
        int last = None;
        for (ReadOnlySpan<byte> rest = content; !rest.IsEmpty; rest = rest[Math.Min(PayloadSize, rest.Length)..])
        {
            int cell = TakeCell();
            rest[..Math.Min(PayloadSize, rest.Length)].CopyTo(Cell(cell)[HeaderSize..]);
            if (last == None) packet = cell;
            else Header(last).NextCell = cell;
            last = cell;
        }

        ref CellHeader first = ref Header(packet);
        first.EnqueuedAt = now.Nanoseconds;
        first.Length = content.Length;
        first.NextPacket = None;
        return true;
    }

    /// <summary>When a packet was put in.</summary>
    public Instant EnqueuedAt(int packet) => new(Header(packet).EnqueuedAt);

    /// <summary>A packet's length in bytes.</summary>
    public int Length(int packet) => Header(packet).Length;

    /// <summary>The packet behind a packet of the same queue, for the queue's own use; <see cref="None"/> at first.</summary>
    public ref int Next(int packet) => ref Header(packet).NextPacket;

    /// <summary>Copies a packet out.</summary>
    /// <param name="packet">Which.</param>
    /// <param name="destination">At least as long as it is.</param>
    public void CopyTo(int packet, Span<byte> destination)
    {
        int left = Length(packet);
        for (int cell = packet; left > 0; cell = Header(cell).NextCell)
        {
            int length = Math.Min(PayloadSize, left);
            Cell(cell).Slice(HeaderSize, length).CopyTo(destination);
            destination = destination[length..];
            left -= length;
        }
    }

    /// <summary>Frees a packet's cells.</summary>
    public void Remove(int packet)
    {
        int cell = packet;
        for (int left = Length(packet); left > 0; left -= PayloadSize)
        {
            ref CellHeader header = ref Header(cell);
            int next = header.NextCell;
            header.NextCell = _freeCell;
            _freeCell = cell;
            cell = next;
            _usedCells--;
        }

        if (_usedCells == 0) GiveBack();
    }

    /// <summary>Gives all memory back, whatever waits in it.</summary>
    public void GiveBack()
    {
        while (_pageCount > 0) ArrayPool<byte>.Shared.Return(_pages[--_pageCount]);
        _usedCells = _freshCell = 0;
        _freeCell = None;
    }

    private int TakeCell()
    {
        _usedCells++;
        int cell = _freeCell;
        if (cell != None)
        {
            _freeCell = Header(cell).NextCell;
            return cell;
        }

        if (_freshCell == _pageCount * CellsPerPage) _pages[_pageCount++] = ArrayPool<byte>.Shared.Rent(PageSize);
        return _freshCell++;
    }

    private Span<byte> Cell(int cell) => _pages[cell / CellsPerPage].AsSpan(cell % CellsPerPage * CellSize, CellSize);

    private ref CellHeader Header(int cell) => ref MemoryMarshal.AsRef<CellHeader>(Cell(cell));

    [StructLayout(LayoutKind.Sequential, Size = HeaderSize)]
    private struct CellHeader
    {
        public long EnqueuedAt;
        public int Length;
        public int NextPacket;
        public int NextCell;
    }
}
