using Vpr.Io;

namespace Vpr.Quic.Tests.Packets;

public class AckGeneratorTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(25);
    private static readonly Instant Start = new(1_000_000_000);

    [Fact]
    [Trait("rfc", "9000 §13.2.1")]
    public void One_packet_in_order_may_wait_for_the_delay()
    {
        AckGenerator acks = new(Delay, 2);
        acks.OnReceived(Start, 0, EcnCodepoint.NotEct, isAckEliciting: true);

        Assert.False(acks.IsDue(Start));
        Assert.True(acks.HasUnacknowledged);
        Assert.Equal(Start + Delay, acks.Deadline);
        Assert.True(acks.IsDue(Start + Delay));
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.2")]
    public void The_second_ack_eliciting_packet_is_acknowledged_at_once()
    {
        AckGenerator acks = new(Delay, 2);
        acks.OnReceived(Start, 0, EcnCodepoint.NotEct, isAckEliciting: true);
        acks.OnReceived(Start, 1, EcnCodepoint.NotEct, isAckEliciting: true);
        Assert.True(acks.IsDue(Start));
    }

    [Theory]
    [InlineData(5UL)]
    [InlineData(2UL)]
    [Trait("rfc", "9000 §13.2.1")]
    public void A_gap_or_an_overtaken_packet_is_acknowledged_at_once(ulong second)
    {
        AckGenerator acks = new(Delay, 10);
        acks.OnReceived(Start, 3, EcnCodepoint.NotEct, isAckEliciting: true);
        acks.OnAckSent();
        acks.OnReceived(Start, second, EcnCodepoint.NotEct, isAckEliciting: true);
        Assert.True(acks.IsDue(Start));
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.1")]
    public void A_congestion_mark_is_acknowledged_at_once_and_counted()
    {
        AckGenerator acks = new(Delay, 10);
        acks.OnReceived(Start, 0, EcnCodepoint.CongestionExperienced, isAckEliciting: true);
        Assert.True(acks.IsDue(Start));
        Assert.Equal(1UL, acks.CeCount);
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.1")]
    public void Packets_that_elicit_nothing_are_never_due()
    {
        AckGenerator acks = new(TimeSpan.Zero, 1);
        acks.OnReceived(Start, 7, EcnCodepoint.NotEct, isAckEliciting: false);
        Assert.False(acks.IsDue(Start + TimeSpan.FromHours(1)));
        Assert.False(acks.HasUnacknowledged);
        Assert.True(acks.Received.Contains(7));
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.5")]
    public void The_delay_is_that_of_the_largest_packet()
    {
        AckGenerator acks = new(Delay, 10);
        acks.OnReceived(Start, 4, EcnCodepoint.NotEct, isAckEliciting: true);
        acks.OnReceived(Start + TimeSpan.FromMilliseconds(9), 2, EcnCodepoint.NotEct, isAckEliciting: true);
        Assert.Equal(TimeSpan.FromMilliseconds(10), acks.DelayAt(Start + TimeSpan.FromMilliseconds(10)));
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.2")]
    public void Bulk_is_acknowledged_after_a_part_of_a_round_trip_or_64_packets()
    {
        TimeSpan part = TimeSpan.FromMilliseconds(2);
        (AckGenerator acks, ulong next) = InBulk(part);
        acks.OnReceived(Start, next++, EcnCodepoint.NotEct, isAckEliciting: true, part);
        Assert.Equal(Start + Delay, acks.Deadline);
        acks.OnReceived(Start, next++, EcnCodepoint.NotEct, isAckEliciting: true, part);
        Assert.False(acks.IsDue(Start));
        Assert.Equal(Start + part, acks.Deadline);
        for (int count = 3; count < AckGenerator.BulkThreshold; count++) acks.OnReceived(Start, next++, EcnCodepoint.NotEct, isAckEliciting: true, part);
        Assert.False(acks.IsDue(Start));
        acks.OnReceived(Start, next, EcnCodepoint.NotEct, isAckEliciting: true, part);
        Assert.True(acks.IsDue(Start));
    }

    [Fact]
    [Trait("rfc", "9000 §13.2.2")]
    public void The_first_hundred_packets_are_acknowledged_two_by_two()
    {
        TimeSpan part = TimeSpan.FromMilliseconds(2);
        AckGenerator acks = new(Delay, 2);
        for (ulong number = 0; number < 100; number += 2)
        {
            acks.OnReceived(Start, number, EcnCodepoint.NotEct, isAckEliciting: true, part);
            acks.OnReceived(Start, number + 1, EcnCodepoint.NotEct, isAckEliciting: true, part);
            Assert.True(acks.IsDue(Start));
            acks.OnAckSent();
        }
    }

    [Theory]
    [InlineData("gap")]
    [InlineData("mark")]
    [InlineData("stream")]
    [Trait("rfc", "9000 §13.2.1")]
    public void What_cannot_wait_is_acknowledged_at_once_among_bulk_too(string what)
    {
        TimeSpan part = TimeSpan.FromMilliseconds(2);
        (AckGenerator acks, ulong next) = InBulk(part);
        acks.OnReceived(Start, next++, EcnCodepoint.NotEct, isAckEliciting: true, part);
        acks.OnReceived(
            Start, what == "gap" ? next + 1 : next, what == "mark" ? EcnCodepoint.CongestionExperienced : EcnCodepoint.Ect0, isAckEliciting: true,
            what == "stream" ? TimeSpan.Zero : part);
        Assert.True(acks.IsDue(Start));
    }

    private static (AckGenerator Acks, ulong Next) InBulk(TimeSpan part)
    {
        AckGenerator acks = new(Delay, 2);
        ulong next = 0;
        for (; next < 300; next++)
        {
            acks.OnReceived(Start, next, EcnCodepoint.NotEct, isAckEliciting: true, part);
            if (acks.IsDue(Start)) acks.OnAckSent();
        }

        acks.OnAckSent();
        return (acks, next);
    }
}
