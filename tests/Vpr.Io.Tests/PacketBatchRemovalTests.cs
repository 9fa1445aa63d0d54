using FsCheck.Xunit;

namespace Vpr.Io.Tests;

public sealed class PacketBatchRemovalTests
{
    [Property(MaxTest = 200)]
    public void Removing_empty_slots_keeps_order_content_and_capacity(bool[] keep)
    {
        var batch = new PacketBatch(Math.Max(1, keep.Length), slotSize: 16, headroom: 4);
        for (int round = 0; round < 3; round++)
        {
            for (int number = 0; number < keep.Length; number++)
            {
                int index = batch.Add();
                Assert.Equal((number, 4), (index, batch[index].Offset));
                batch[index].Length = 1;
                batch.Packet(index)[0] = (byte)number;
                if (!keep[number]) batch[index].Length = 0;
            }

            batch.RemoveEmpty();

            byte[] expected = Enumerable.Range(0, keep.Length).Where(number => keep[number]).Select(number => (byte)number).ToArray();
            Assert.Equal(expected, Enumerable.Range(0, batch.Count).Select(index => batch.Packet(index)[0]).ToArray());
            batch.Clear();
        }
    }

    [Fact]
    public void No_two_slots_share_memory_after_a_removal()
    {
        var batch = new PacketBatch(4, 8, 0);
        for (int index = 0; index < 4; index++) batch[batch.Add()].Length = index % 2;
        batch.RemoveEmpty();
        while (batch.Add() >= 0) { }
        for (int index = 0; index < 4; index++) batch.Slot(index).Fill((byte)(index + 1));
        Assert.All(Enumerable.Range(0, 4), index => Assert.Equal(index + 1, batch.Slot(index)[7]));
    }

    [Property(MaxTest = 200)]
    public void Slots_trade_memory_for_that_which_was_filled_first(byte[] order)
    {
        var batch = new PacketBatch(8, slotSize: 4, headroom: 2);
        for (int index = 0; index < 8; index++) batch.Slot(index).Fill((byte)batch[index].Block);
        for (int round = 0; round < 3; round++)
        {
            var taken = new List<int>();
            foreach (byte wanted in order)
            {
                int block = wanted % 9, index = batch.Add(block);
                Assert.Equal(block == 8 || taken.Contains(block) ? -1 : taken.Count, index);
                if (index < 0) continue;
                taken.Add(block);
                Assert.Equal((block, 2), (batch[index].Block, batch[index].Offset));
            }

            // Each slot still has memory of its own, the one that was asked for.
            for (int index = 0; index < 8; index++) Assert.Equal(batch[index].Block, batch.Slot(index)[3]);
            Assert.Equal(taken, Enumerable.Range(0, batch.Count).Select(index => (int)batch.Slot(index)[0]));
            Assert.Equal(8, Enumerable.Range(0, 8).Select(index => batch[index].Block).Distinct().Count());
            batch.Clear();
        }
    }
}
