using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Packets;

public class ReceivedPacketsTests
{
    [Property(MaxTest = 500)]
    public Property Agrees_with_a_set(byte[] numbers)
    {
        ReceivedPackets packets = new();
        HashSet<ulong> model = [];
        bool agrees = true;
        foreach (byte number in numbers)
        {
            // Few enough values that the bound on ranges is never reached.
            ulong value = (ulong)number % 48;
            agrees &= packets.TryAdd(value) == model.Add(value);
        }

        for (ulong value = 0; value < 50; value++) agrees &= packets.Contains(value) == model.Contains(value);
        ulong above = ulong.MaxValue;
        foreach (PacketNumberRange range in packets.Ranges)
        {
            // Descending, and neighbours neither touch nor overlap.
            agrees &= range.Smallest <= range.Largest && (above == ulong.MaxValue || range.Largest + 1 < above);
            above = range.Smallest;
        }

        for (ulong from = 0; from < 50; from++)
        {
            for (ulong end = from; end < 50; end += 7)
            {
                ulong? missing = packets.Largest is { } largest
                    ? Enumerable.Range((int)from, (int)(end - from)).Select(value => (ulong?)value).FirstOrDefault(value => value < largest && !model.Contains(value!.Value))
                    : null;
                agrees &= packets.SmallestMissing(from, end) == missing;
            }
        }

        return agrees.ToProperty();
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.3")]
    public void A_full_set_forgets_the_oldest_range_and_takes_it_for_received()
    {
        ReceivedPackets packets = new();
        for (ulong i = 0; i <= ReceivedPackets.MaxRanges; i++) Assert.True(packets.TryAdd(i * 2));

        Assert.Equal(ReceivedPackets.MaxRanges, packets.Ranges.Length);
        Assert.Equal(2UL, packets.Ranges[^1].Smallest);
        Assert.True(packets.Contains(0));
        Assert.False(packets.TryAdd(0));
        Assert.False(packets.Contains(3));
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.3")]
    public void A_number_older_than_a_full_set_is_taken_once_and_not_remembered()
    {
        ReceivedPackets packets = new();
        for (ulong i = 1; i <= ReceivedPackets.MaxRanges; i++) packets.TryAdd(i * 2 + 10);

        Assert.True(packets.TryAdd(4));
        Assert.False(packets.TryAdd(4));
        Assert.Equal(12UL, packets.Ranges[^1].Smallest);
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.4")]
    public void What_the_peer_knows_is_told_no_more_but_never_taken_again()
    {
        ReceivedPackets packets = new();
        foreach (ulong number in (ulong[])[0, 1, 4, 5, 8, 9]) packets.TryAdd(number);
        packets.StopTelling(6);

        Assert.Equal(new PacketNumberRange(8, 9), Assert.Single(packets.Ranges.ToArray()));
        Assert.False(packets.TryAdd(4));
        Assert.Equal(9UL, packets.Largest);
        // One that was overtaken by a round trip and more is still welcome.
        Assert.True(packets.TryAdd(3));
        Assert.False(packets.TryAdd(3));
    }
}
