using Vpr.Io;
using Vpr.Masque;
using Vpr.Testing;
using Vpr.Tunnel.Queueing;
using Vpr.Tunnel.Tests.Offload;

namespace Vpr.Tunnel.Tests.Queueing;

[Trait("rfc", "8290 §4")]
public sealed class FqCodelQueueTests
{
    private readonly FqCodelQueue _queue = new(key: 7);

    [Fact]
    public void Packets_of_a_flow_leave_in_their_order()
    {
        for (int number = 0; number < 50; number++) _queue.Add(0, WaitingPacket.Create(1, number));
        Assert.Equal(50, _queue.Count);
        Assert.Equal(Enumerable.Range(0, 50), _queue.TakeAll(1).Select(packet => WaitingPacket.Number(packet)));
        Assert.True(_queue.IsEmpty);
        Assert.Equal((0, 0UL, 0UL), (_queue.MemoryTaken, _queue.Drops, _queue.Marks));
    }

    [Fact]
    [Trait("rfc", "8290 §4.2")]
    public void Flows_share_by_bytes_and_not_by_packets()
    {
        for (int number = 0; number < 400; number++) _queue.Add(0, WaitingPacket.Create(1, number, 100));
        for (int number = 0; number < 100; number++) _queue.Add(0, WaitingPacket.Create(2, number, 1400));
        int[] bytes = new int[3];
        for (int taken = 0; taken < 250; taken++)
        {
            byte[] packet = _queue.Take(1)!;
            bytes[WaitingPacket.Flow(packet)] += packet.Length;
        }

        Assert.InRange(bytes[1] - bytes[2], -2 * FqCodelQueue.Quantum, 2 * FqCodelQueue.Quantum);
    }

    [Fact]
    [Trait("rfc", "8290 §4.2")]
    public void A_sparse_flow_goes_before_the_queues_of_others()
    {
        for (int number = 0; number < 100; number++)
            for (int flow = 1; flow <= 4; flow++) _queue.Add(0, WaitingPacket.Create(flow, number));
        for (int taken = 0; taken < 20; taken++) _queue.Take(1);
        _queue.Add(2, WaitingPacket.Create(99, 0, 84));
        Assert.Equal(99, WaitingPacket.Flow(_queue.Take(2)!));
    }

    [Fact]
    [Trait("rfc", "8290 §4.2")]
    public void A_flow_that_comes_again_and_again_does_not_starve_the_others()
    {
        for (int number = 0; number < 100; number++) _queue.Add(0, WaitingPacket.Create(1, number));
        int others = 0;
        for (int turn = 0; turn < 200 && others < 100; turn++)
        {
            _queue.Add(0, WaitingPacket.Create(99, turn));
            if (WaitingPacket.Flow(_queue.Take(0)!) == 1) others++;
        }

        Assert.Equal(100, others);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rfc", "8289 §5")]
    public void A_standing_queue_loses_packets_from_its_head(bool isIpv6)
    {
        List<int> left = Stand(trafficClass: 0, isIpv6);
        Assert.InRange(_queue.Drops, 3UL, 20UL);
        Assert.Equal(0UL, _queue.Marks);
        Assert.Equal(400 - (int)_queue.Drops, left.Count);
        Assert.Equal(left.Order(), left);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [Trait("rfc", "3168 §5")]
    public void Packets_of_senders_that_know_marks_are_marked_and_not_dropped(byte ecn, bool isIpv6)
    {
        List<int> left = Stand((byte)(0x48 | ecn), isIpv6);
        Assert.Equal(Enumerable.Range(0, 400), left);
        Assert.Equal(0UL, _queue.Drops);
        Assert.InRange(_queue.Marks, 3UL, 20UL);
    }

    [Fact]
    [Trait("rfc", "8290 §4.1")]
    public void When_memory_ends_the_fattest_flow_pays_from_its_head()
    {
        for (int number = 0; number < 20; number++) _queue.Add(0, WaitingPacket.Create(1, number, 200));
        for (int number = 0; number < 2000; number++)
        {
            _queue.Add(0, WaitingPacket.Create(2, number));
            Assert.InRange(_queue.MemoryTaken, 1, PacketStore.MaxBytes);
        }

        List<byte[]> left = _queue.TakeAll(1);
        Assert.Equal(Enumerable.Range(0, 20), left.Where(packet => WaitingPacket.Flow(packet) == 1).Select(packet => WaitingPacket.Number(packet)));
        int[] fat = [.. left.Where(packet => WaitingPacket.Flow(packet) == 2).Select(packet => WaitingPacket.Number(packet))];
        Assert.Equal(2020, left.Count + (int)_queue.Drops);
        Assert.Equal(Enumerable.Range(2000 - fat.Length, fat.Length), fat);
        Assert.InRange(fat.Length, 600, 705);
    }

    [Fact]
    public void Nothing_is_allocated_once_packets_have_waited()
    {
        byte[][] packets = [.. Enumerable.Range(0, 200).Select(number => WaitingPacket.Create(number % 10, number))];
        byte[] destination = new byte[2000];
        Allocations.AssertNone(() => Pass(packets, destination));
    }

    [Fact]
    public void Clearing_gives_the_memory_back_and_the_queue_goes_on()
    {
        _queue.Add(0, WaitingPacket.Create(1, 0));
        _queue.Clear();
        Assert.True(_queue is { IsEmpty: true, MemoryTaken: 0 });
        Assert.Null(_queue.Take(0));
        _queue.Add(0, WaitingPacket.Create(1, 1));
        Assert.Equal(1, WaitingPacket.Number(_queue.Take(0)!));
    }

    [Fact]
    [Trait("rfc", "8290 §4.1")]
    public void Flows_are_told_apart_by_address_protocol_and_port_under_a_key()
    {
        InnerPacketShape shape = new();
        InnerPacketShape[] others = [shape with { Source = 9 }, shape with { Destination = 9 }, shape with { SourcePort = 9 }, shape with { DestinationPort = 9 }, shape with { IsUdp = true }];
        ulong hash = Hash(1, shape.Build([1]));
        Assert.Equal(hash, Hash(1, (shape with { Sequence = 9, TrafficClass = 9, HopLimit = 9, Identification = 9 }).Build([2, 3])));
        Assert.All(others, other => Assert.NotEqual(hash, Hash(1, other.Build([1]))));
        Assert.NotEqual(hash, Hash(2, shape.Build([1])));
        Assert.Equal(Hash(1, shape.Build([1]).Also(6, 0x20)), Hash(1, (shape with { SourcePort = 9 }).Build([1]).Also(6, 0x20)));
    }

    private static ulong Hash(UInt128 key, byte[] packet)
    {
        Assert.True(IpPacket.TryRead(packet, out IpPacket facts));
        return FlowHash.Compute(key, packet, facts);
    }

    /// <summary>Passes 400 packets through at one a millisecond while 50 of them wait, and checks each for its integrity.</summary>
    private List<int> Stand(byte trafficClass, bool isIpv6)
    {
        List<int> left = [];
        int number = 0;
        for (double now = 0; left.Count + (int)_queue.Drops < 400; now++)
        {
            while (_queue.Count < 50 && number < 400) _queue.Add(now, WaitingPacket.Create(1, number++, 1400, trafficClass, isIpv6));
            if (_queue.Take(now) is not { } packet) continue;
            left.Add(WaitingPacket.Number(packet));
            byte[] expected = WaitingPacket.Create(1, left[^1], 1400, trafficClass, isIpv6);
            if (!packet.AsSpan().SequenceEqual(expected)) Assert.Equal(WaitingPacket.Create(1, left[^1], 1400, (byte)(trafficClass | 3), isIpv6), packet);
        }

        return left;
    }

    private void Pass(byte[][] packets, byte[] destination)
    {
        foreach (byte[] packet in packets)
        {
            IpPacket.TryRead(packet, out IpPacket facts);
            _queue.Enqueue(default, packet, facts);
        }

        while (_queue.TryDequeue(default, destination, out _))
        {
        }
    }
}
