namespace Vpr.Io.Tests;

public class PacketBatchTests
{
    [Fact]
    public void Slots_lie_side_by_side_and_packets_begin_after_the_headroom()
    {
        PacketBatch batch = new(capacity: 3, slotSize: 100, headroom: 20);
        for (byte i = 0; i < 3; i++)
        {
            int index = batch.Add();
            Assert.Equal(i, index);
            batch[index].Length = 80;
            Assert.Equal(80, batch.Packet(index).Length);
            batch.Slot(index).Fill((byte)(i + 1));
        }

        for (byte i = 0; i < 3; i++)
        {
            Assert.Equal(100, batch.Slot(i).Length);
            Assert.False(batch.Slot(i).ContainsAnyExcept((byte)(i + 1)));
        }
    }

    [Fact]
    public void A_full_batch_takes_no_more_until_it_is_cleared()
    {
        PacketBatch batch = new(2, 10, 0);
        Assert.Equal(0, batch.Add());
        Assert.Equal(1, batch.Add());
        Assert.Equal(-1, batch.Add());
        Assert.Equal(2, batch.Count);
        batch.RemoveLast();
        Assert.Equal(1, batch.Add());
        batch.Clear();
        Assert.Equal(0, batch.Count);
        Assert.Throws<InvalidOperationException>(batch.RemoveLast);
    }

    [Fact]
    public void A_slot_taken_again_remembers_nothing()
    {
        PacketBatch batch = new(1, 10, 4);
        ref PacketSlot slot = ref batch[batch.Add()];
        slot.Offset = 2;
        slot.Length = 5;
        slot.SegmentSize = 3;
        slot.Ecn = EcnCodepoint.CongestionExperienced;
        slot.Path = new DatagramPath(default, UdpEndpoint.FromIpv4(1, 2));
        batch.Clear();
        ref PacketSlot again = ref batch[batch.Add()];
        Assert.Equal((4, 0, 0, EcnCodepoint.NotEct, default(DatagramPath)), (again.Offset, again.Length, again.SegmentSize, again.Ecn, again.Path));
    }

    [Fact]
    public void A_packet_may_grow_into_the_headroom()
    {
        PacketBatch batch = new(1, 64, 16);
        int index = batch.Add();
        batch[index].Length = 8;
        batch.Packet(index).Fill(7);
        batch[index].Offset -= 16;
        batch[index].Length += 16;
        Assert.Equal(24, batch.Packet(index).Length);
        Assert.Equal(7, batch.Packet(index)[16]);
    }

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(1, 10, -1)]
    [InlineData(1, 10, 10)]
    public void Sizes_out_of_range_are_refused(int capacity, int slotSize, int headroom) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketBatch(capacity, slotSize, headroom));
}
