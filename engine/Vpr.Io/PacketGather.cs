using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vpr.Io;

/// <summary>Packets for a device, each made of one or more pieces that lie in the memory of one <see cref="PacketBatch"/>: neighbours of a flow become one super-packet without being copied together.</summary>
/// <remarks>Belongs to one loop thread and is reused; the pieces are valid as long as the batch's bytes are not overwritten.</remarks>
public sealed class PacketGather
{
    private readonly PacketBatch _memory;
    private readonly GatheredPacket[] _packets;
    private readonly Piece[] _pieces;
    private int _pieceCount;

    /// <summary>Allocates the lists; nothing is allocated afterwards.</summary>
    /// <param name="memory">Where every piece lies.</param>
    /// <param name="packets">How many packets fit, 1 or more.</param>
    /// <param name="pieces">How many pieces all packets together have at most, at least <paramref name="packets"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public PacketGather(PacketBatch memory, int packets, int pieces)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThan(packets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, packets);
        _memory = memory;
        _packets = new GatheredPacket[packets];
        _pieces = new Piece[pieces];
    }

    /// <summary>How many packets there are.</summary>
    public int Count { get; private set; }

    /// <summary>The metadata of packet <paramref name="index"/>, to read and to change.</summary>
    public ref GatheredPacket this[int index] => ref _packets[index];

    /// <summary>Adds a packet of one piece.</summary>
    /// <param name="piece">A part of the batch's memory.</param>
    /// <returns>The packet's index, or -1 when there is no room.</returns>
    /// <exception cref="ArgumentException">The piece lies elsewhere.</exception>
    public int Add(Span<byte> piece)
    {
        if (Count == _packets.Length || _pieceCount == _pieces.Length) return -1;
        int first = AddPiece(piece);
        _packets[Count] = new GatheredPacket { Length = piece.Length, PieceCount = 1, FirstPiece = first, LastPiece = first };
        return Count++;
    }

    /// <summary>Lengthens a packet by a piece.</summary>
    /// <param name="index">The packet.</param>
    /// <param name="piece">A part of the batch's memory.</param>
    /// <returns>False when there is no room.</returns>
    /// <exception cref="ArgumentException">The piece lies elsewhere.</exception>
    public bool TryAppend(int index, Span<byte> piece)
    {
        if (_pieceCount == _pieces.Length) return false;
        ref GatheredPacket packet = ref _packets[index];
        int added = AddPiece(piece);
        _pieces[packet.LastPiece].Next = added;
        packet.LastPiece = added;
        packet.PieceCount++;
        packet.Length += piece.Length;
        return true;
    }

    /// <summary>The bytes of a packet's first piece: its headers, and as much payload as came with them.</summary>
    public Span<byte> First(int index) => Bytes(_packets[index].FirstPiece);

    /// <summary>The pieces of a packet, in order.</summary>
    public PieceEnumerator Pieces(int index) => new(this, _packets[index].FirstPiece, _packets[index].PieceCount);

    /// <summary>Empties the lists.</summary>
    public void Clear() => Count = _pieceCount = 0;

    private int AddPiece(Span<byte> piece)
    {
        Span<byte> memory = _memory.Memory;
        nint offset = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(memory), ref MemoryMarshal.GetReference(piece));
        if (offset < 0 || offset > memory.Length - piece.Length) throw new ArgumentException("The piece is not in the batch's memory.", nameof(piece));
        _pieces[_pieceCount] = new Piece { Offset = (int)offset, Length = piece.Length };
        return _pieceCount++;
    }

    private Span<byte> Bytes(int piece) => _memory.Memory.Slice(_pieces[piece].Offset, _pieces[piece].Length);

    private struct Piece
    {
        public int Offset;
        public int Length;
        public int Next;
    }

    /// <summary>Goes through the pieces of one packet.</summary>
    public ref struct PieceEnumerator
    {
        private readonly PacketGather _gather;
        private int _next;
        private int _current;
        private int _left;

        internal PieceEnumerator(PacketGather gather, int first, int count) => (_gather, _next, _left) = (gather, first, count);

        /// <summary>The bytes of the present piece.</summary>
        public readonly Span<byte> Current => _gather.Bytes(_current);

        /// <summary>Goes to the next piece.</summary>
        public bool MoveNext()
        {
            if (_left-- <= 0) return false;
            _current = _next;
            _next = _gather._pieces[_current].Next;
            return true;
        }

        /// <summary>Itself, for <c>foreach</c>.</summary>
        public readonly PieceEnumerator GetEnumerator() => this;
    }
}
