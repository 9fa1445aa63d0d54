using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>A utun device over a socket pair: reads, writes and framing are real, the interface is not.</summary>
public sealed class UtunDeviceTests
{
    private const int Headroom = 16;
    private static readonly byte[] Ipv4Header = [0, 0, 0, 2];
    private static readonly byte[] Ipv6Header = [0, 0, 0, 30];

    [Fact]
    public void Packets_of_both_families_are_read_in_order_behind_the_headroom()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        pair.Send([.. Ipv4Header, 0x45, 1, 2, 3]);
        pair.Send([.. Ipv6Header, 0x60, 4]);
        PacketBatch batch = Create(4);
        Assert.Equal(2, device.Read(batch));
        Assert.Equal([0x45, 1, 2, 3], batch.Packet(0).ToArray());
        Assert.Equal([0x60, 4], batch.Packet(1).ToArray());
        Assert.Equal((Headroom, Headroom), (batch[0].Offset, batch[1].Offset));
        Assert.Equal(0, device.Read(batch));
        Assert.Equal(0, device.FailedReads);
    }

    [Fact]
    public void What_is_no_packet_is_counted_and_takes_no_slot()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        pair.Send(Ipv4Header);
        pair.Send([.. Ipv4Header, 0x60, 1]);
        pair.Send([0, 2]);
        pair.Send([.. Ipv6Header, 0x60, 2]);
        PacketBatch batch = Create(8);
        Assert.Equal(1, device.Read(batch));
        Assert.Equal([0x60, 2], batch.Packet(0).ToArray());
        Assert.Equal(1, batch.Count);
        Assert.Equal(3, device.FailedReads);
    }

    [Fact]
    public void A_full_batch_leaves_the_rest_for_the_next()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        for (byte i = 0; i < 5; i++) pair.Send([.. Ipv4Header, 0x45, i]);
        PacketBatch batch = Create(3);
        Assert.Equal(3, device.Read(batch));
        batch.Clear();
        Assert.Equal(2, device.Read(batch));
        Assert.Equal([0x45, 4], batch.Packet(1).ToArray());
    }

    [Fact]
    public void A_packet_is_written_with_its_family_from_where_it_lies()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        PacketBatch batch = Create(4);
        Append(batch, 0x45, 1, 2);
        Append(batch, 0xF0, 1, 2);
        Append(batch, 0x60, 3);
        // As a datagram opened in place leaves it: further behind.
        batch[2].Offset = 40;
        batch.Slot(2)[40] = 0x60;
        Assert.Equal(2, device.Write(batch));
        Assert.Equal([.. Ipv4Header, 0x45, 1, 2], pair.Take());
        Assert.Equal([.. Ipv6Header, 0x60, batch.Slot(2)[41]], pair.Take());
        Assert.Null(pair.Take());
        Assert.Equal(1, device.DroppedWrites);
    }

    [Fact]
    public void What_needs_an_offload_is_not_written_and_counted()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        PacketBatch batch = Create(2);
        Append(batch, 0x45, 1);
        batch[0].Segmentation = Segmentation.Tcp4;
        Append(batch, 0x45, 2);
        batch[1].Checksum = new PartialChecksum(20, 16);
        Assert.Equal(0, device.Write(batch));
        Assert.Equal(2, device.DroppedWrites);
        Assert.Null(pair.Take());
    }

    [Fact]
    public void A_gathered_packet_is_one_message_and_one_that_needs_an_offload_comes_back()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        PacketBatch memory = Create(4);
        for (int i = 0; i < 4; i++) Append(memory, 0x45, (byte)i);
        PacketGather gather = new(memory, packets: 4, pieces: 8);
        gather.Add(memory.Packet(0));
        Assert.True(gather.TryAppend(0, memory.Packet(1)));
        gather.Add(memory.Packet(2)[1..]);
        gather.Add(memory.Packet(3));
        gather[2].Segmentation = Segmentation.Tcp4;
        // The second is no IP packet: dropped and done with. The third is the caller's to cut.
        Assert.Equal(2, device.Write(gather, 0));
        Assert.Equal([.. Ipv4Header, 0x45, 0, 0x45, 1], pair.Take());
        Assert.Null(pair.Take());
        Assert.Equal(1, device.DroppedWrites);
        gather[2].Segmentation = Segmentation.None;
        Assert.Equal(1, device.Write(gather, 2));
        Assert.Equal([.. Ipv4Header, 0x45, 3], pair.Take());
    }

    [Fact]
    public void Refused_packets_are_counted()
    {
        SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        pair.Dispose();
        PacketBatch batch = Create(2);
        Append(batch, 0x45, 1);
        Assert.Equal(0, device.Write(batch));
        Assert.Equal(1, device.DroppedWrites);
    }

    [Fact]
    public void A_batch_that_is_too_small_is_refused()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        Assert.Throws<ArgumentException>(() => device.Read(new PacketBatch(1, 1500 + 3, 4)));
        Assert.Throws<ArgumentException>(() => device.Read(new PacketBatch(1, 1600, 3)));
        PacketBatch batch = new(1, 1600, 3);
        Append(batch, 0x45, 1);
        Assert.Throws<ArgumentException>(() => device.Write(batch));
    }

    [Fact]
    public void A_loop_waits_for_it_and_nothing_is_allocated()
    {
        using SocketPair pair = new();
        using UtunDevice device = new(pair.Near, "utun7", 1500);
        using KqueuePoller poller = new(new EmulatedKernelQueue(KeventLayout.MacOS), KeventLayout.MacOS);
        LoopSource<IPacketDevice> source = poller.Add(device);
        Assert.Equal(0, poller.Wait(poller.Now));
        PacketBatch batch = Create(4), outgoing = Create(1);
        Append(outgoing, 0x60, 1);
        byte[] message = [.. Ipv4Header, 0x45, 1, 2, 3], sink = new byte[64];
        int moved = 0;
        Allocations.AssertNone(Run);
        Assert.True(moved >= 100);

        void Run()
        {
            moved = 0;
            for (int i = 0; i < 100; i++)
            {
                pair.Send(message);
                poller.Wait(Instant.Never);
                batch.Clear();
                if (source.IsReadable) moved += source.Device.Read(batch);
                source.Device.Write(outgoing);
                DarwinLibc.read((int)pair.Far.DangerousGetHandle(), sink, (nuint)sink.Length);
            }
        }
    }

    private static PacketBatch Create(int capacity) => new(capacity, 2048 + Headroom, Headroom);

    private static void Append(PacketBatch batch, params ReadOnlySpan<byte> packet)
    {
        int index = batch.Add();
        packet.CopyTo(batch.Slot(index)[batch.Headroom..]);
        batch[index].Length = packet.Length;
    }
}
