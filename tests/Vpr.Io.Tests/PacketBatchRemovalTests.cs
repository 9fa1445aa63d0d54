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
}
