namespace Vpr.Io.Tests;

public class PacketGatherTests
{
    private readonly PacketBatch _memory = new(capacity: 2, slotSize: 100, headroom: 0);

    [Fact]
    public void Pieces_of_interleaved_packets_come_out_in_the_order_they_were_added()
    {
        var gather = new PacketGather(_memory, packets: 2, pieces: 5);
        for (byte i = 0; i < 100; i++) _memory.Slot(0)[i] = i;
        int first = gather.Add(_memory.Slot(0)[..10]);
        int second = gather.Add(_memory.Slot(0)[50..53]);
        Assert.True(gather.TryAppend(first, _memory.Slot(0)[20..25]));
        Assert.True(gather.TryAppend(second, _memory.Slot(0)[60..61]));
        Assert.True(gather.TryAppend(first, _memory.Slot(0)[30..31]));

        Assert.Equal(2, gather.Count);
        Assert.Equal((16, 3), (gather[first].Length, gather[first].PieceCount));
        Assert.Equal((byte[])[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 30], Collect(gather, first));
        Assert.Equal((byte[])[50, 51, 52, 60], Collect(gather, second));
        Assert.Equal(10, gather.First(first).Length);
    }

    [Fact]
    public void Without_room_nothing_is_added()
    {
        var gather = new PacketGather(_memory, packets: 1, pieces: 2);
        Span<byte> piece = _memory.Slot(1)[..1];
        Assert.Equal(0, gather.Add(piece));
        Assert.Equal(-1, gather.Add(piece));
        Assert.True(gather.TryAppend(0, piece));
        Assert.False(gather.TryAppend(0, piece));
        Assert.Equal(2, gather[0].Length);
        gather.Clear();
        Assert.Equal(0, gather.Add(piece));
        Assert.Equal(Segmentation.None, gather[0].Segmentation);
    }

    [Fact]
    public void A_piece_from_elsewhere_is_refused()
    {
        var gather = new PacketGather(_memory, 1, 1);
        Assert.Throws<ArgumentException>(() => gather.Add(new byte[4]));
    }

    private static byte[] Collect(PacketGather gather, int index)
    {
        var bytes = new List<byte>();
        foreach (Span<byte> piece in gather.Pieces(index)) bytes.AddRange(piece);
        return [.. bytes];
    }
}
