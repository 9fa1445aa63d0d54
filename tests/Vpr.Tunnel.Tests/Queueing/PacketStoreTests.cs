using Vpr.Io;
using Vpr.Testing;
using Vpr.Tunnel.Queueing;
using Vpr.Tunnel.Tests.Offload;

namespace Vpr.Tunnel.Tests.Queueing;

public sealed class PacketStoreTests
{
    [Fact]
    public void Packets_come_out_as_they_went_in_whatever_was_removed_between()
    {
        SeededRandom random = new(5);
        PacketStore store = new();
        List<(int Packet, byte[] Content, Instant At)> waiting = [];
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            // Grows and shrinks by turns, up to the limit and down to nothing.
            bool grows = round / 2500 % 2 == 0;
            if (random.Chance(grows ? 0.8 : 0.2))
            {
                byte[] content = InnerPacketShape.Bytes(random.Next(1, 1500), round);
                Instant at = new(round);
                if (store.TryAdd(at, content, out int packet)) waiting.Add((packet, content, at));
                else refused++;
            }
            else if (waiting.Count > 0)
            {
                int which = random.Next(0, waiting.Count - 1);
                (int packet, byte[] content, Instant at) = waiting[which];
                byte[] copy = new byte[store.Length(packet)];
                store.CopyTo(packet, copy);
                Assert.True(content.AsSpan().SequenceEqual(copy), $"round {round}");
                Assert.Equal(at, store.EnqueuedAt(packet));
                store.Remove(packet);
                waiting.RemoveAt(which);
            }

            Assert.InRange(store.MemoryTaken, waiting.Count > 0 ? 1 : 0, PacketStore.MaxBytes);
            if (waiting.Count == 0) Assert.Equal(0, store.MemoryTaken);
        }

        Assert.True(refused > 0, "the limit was never reached");
    }

    [Fact]
    public void The_limits_are_what_they_say()
    {
        PacketStore store = new();
        int count = 0;
        while (store.TryAdd(default, [1], out _)) count++;
        Assert.Equal(PacketStore.MaxPackets, count);
        Assert.Equal(PacketStore.MaxBytes, store.MemoryTaken);
        store.GiveBack();
        Assert.Equal(0, store.MemoryTaken);
        Assert.True(store.TryAdd(default, new byte[1500], out _));
    }
}
