using Vpr.Hosting.Loop;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Hosting.Tests.Loop;

public sealed class HandoverInboxTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Packets_of_every_size_come_whole_in_order_and_with_their_facts()
    {
        var ring = new HandoverRing();
        var random = new SeededRandom(21);
        var expected = new Queue<(byte[] Packet, PacketSlot Facts)>();
        int refused = 0;
        for (int step = 0; step < 20_000; step++)
        {
            if (random.NextUInt64() % 5 < 3)
            {
                byte[] packet = new byte[1 + random.NextUInt64() % (random.NextUInt64() % 4 == 0 ? 65_535UL : 1_500)];
                random.FillPublic(packet.AsSpan(0, Math.Min(packet.Length, 64)));
                var facts = new PacketSlot
                {
                    SegmentSize = packet.Length / 2, Segmentation = (Segmentation)(packet.Length % 4), Checksum = new PartialChecksum((ushort)step, 16),
                };
                if (ring.TryWrite(packet, facts)) expected.Enqueue((packet, facts));
                else refused++;
            }
            else if (expected.TryDequeue(out (byte[] Packet, PacketSlot Facts) next))
            {
                Assert.True(ring.TryPeek(out ReadOnlySpan<byte> packet, out PacketSlot facts), $"seed {random.Seed}, step {step}");
                Assert.True(packet.SequenceEqual(next.Packet), $"seed {random.Seed}, step {step}");
                Assert.Equal(next.Packet.Length, facts.Length);
                Assert.Equal((next.Facts.SegmentSize, next.Facts.Segmentation, next.Facts.Checksum), (facts.SegmentSize, facts.Segmentation, facts.Checksum));
                ring.Release();
            }

            Assert.Equal(expected.Count == 0, ring.IsEmpty);
        }

        Assert.InRange(refused, 1, 19_000);
    }

    [Fact]
    public void A_full_ring_refuses_and_takes_again_what_was_made_room_for()
    {
        var ring = new HandoverRing();
        byte[] packet = new byte[ushort.MaxValue];
        int taken = 0;
        while (ring.TryWrite(packet, default)) taken++;
        Assert.Equal(HandoverRing.Capacity / (packet.Length + 17), taken);
        Assert.True(ring.TryPeek(out _, out _));
        ring.Release();
        Assert.True(ring.TryWrite(packet, default));
        Assert.False(ring.TryWrite(packet, default));
    }

    // Two loops give, the third waits in its poller whenever nothing is there: a lost wake-up would leave it there until the deadline.
    [Fact]
    public void A_resting_owner_is_woken_for_every_packet_and_loses_none()
    {
        const int Givers = 2, Packets = 60_000;
        using var wakeUp = new EventFd();
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        LoopSource source = poller.Add(wakeUp);
        var inbox = new HandoverInbox(Givers + 1, wakeUp);
        long[] given = new long[Givers];
        int[] taken = new int[Givers];
        var threads = Enumerable.Range(0, Givers).Select(giver => new Thread(() => Give(giver))).ToArray();
        foreach (Thread thread in threads) thread.Start();

        int rests = 0;
        while (taken.Sum() < Givers * Packets)
        {
            if (inbox.TryRest())
            {
                rests++;
                Assert.True(poller.Wait(MonotonicClock.Now + s_limit) > 0, "the owner was not woken");
            }

            inbox.Rise();
            if (source.IsReadable) wakeUp.Drain();
            while (inbox.TryPeek(out ReadOnlySpan<byte> packet, out PacketSlot facts))
            {
                Assert.Equal(4 + taken[packet[0]] % 100, packet.Length);
                Assert.Equal(taken[packet[0]]++, facts.SegmentSize);
                inbox.Release();
            }
        }

        foreach (Thread thread in threads) thread.Join();
        Assert.True(rests > 0, $"the owner rested {rests} times: nothing was shown");
        Assert.Equal(Enumerable.Repeat((long)Packets, Givers), given);

        void Give(int giver)
        {
            byte[] packet = new byte[104];
            packet[0] = (byte)giver;
            while (given[giver] < Packets)
            {
                int number = (int)given[giver];
                if (inbox.TryGive(giver, packet.AsSpan(0, 4 + number % 100), new PacketSlot { SegmentSize = number })) given[giver]++;
                // Lets the owner come to rest, so that the next packet has to wake it.
                if (given[giver] % 1000 == 0) SpinWait.SpinUntil(() => Volatile.Read(ref taken[giver]) == given[giver]);
            }
        }
    }

    [Fact]
    public void A_giver_that_never_gave_is_no_packet()
    {
        using var wakeUp = new EventFd();
        var inbox = new HandoverInbox(4, wakeUp);
        Assert.False(inbox.TryPeek(out _, out _));
        Assert.True(inbox.TryRest());
        Assert.False(wakeUp.Drain());
        Assert.True(inbox.TryGive(2, [1], default));
        Assert.True(wakeUp.Drain());
        Assert.True(inbox.TryGive(2, [2], default));
        Assert.False(wakeUp.Drain());
        Assert.False(inbox.TryRest());
    }
}
