using Vpr.Io;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Packets;

/// <summary>A receiver that was told how often to acknowledge: draft-ietf-quic-ack-frequency §4, §6.</summary>
public class AckFrequencyTests
{
    private const ulong Never = Wire.VarInt.Max;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);
    private static readonly Instant Start = new(1_000_000_000);

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(1UL, 2)]
    [InlineData(63UL, 64)]
    public void An_acknowledgement_follows_one_packet_more_than_the_threshold(ulong threshold, int packets)
    {
        AckGenerator acks = Directed(threshold, reordering: 1);
        for (int round = 0; round < 3; round++)
        {
            for (int count = 1; count <= packets; count++)
            {
                Assert.False(acks.IsDue(Start));
                acks.OnReceived(Start, (ulong)(round * packets + count - 1), EcnCodepoint.NotEct, isAckEliciting: true);
            }

            Assert.True(acks.IsDue(Start));
            acks.OnAckSent();
        }
    }

    [Fact]
    public void It_waits_for_the_requested_delay_and_no_longer()
    {
        AckGenerator acks = Directed(63, reordering: 3);
        acks.OnReceived(Start, 0, EcnCodepoint.NotEct, isAckEliciting: true, bulkDelay: TimeSpan.FromMilliseconds(1));
        acks.OnReceived(Start + Delay / 2, 1, EcnCodepoint.NotEct, isAckEliciting: true, bulkDelay: TimeSpan.FromMilliseconds(1));
        Assert.Equal(Start + Delay, acks.Deadline);
        Assert.False(acks.IsDue(Start + Delay - TimeSpan.FromTicks(1)));
        Assert.True(acks.IsDue(Start + Delay));
    }

    [Fact]
    public void An_overtaken_or_repeated_request_changes_nothing()
    {
        AckGenerator acks = Directed(63, reordering: 3, sequence: 5);
        acks.Follow(new AckFrequencyFrame(4, 0, 1000, 1));
        acks.Follow(new AckFrequencyFrame(5, 0, 1000, 1));
        Receive(acks, 0);
        Assert.Equal(Start + Delay, acks.Deadline);
        acks.Follow(new AckFrequencyFrame(6, 1, 1000, 1));
        Receive(acks, 1);
        Assert.True(acks.IsDue(Start));
    }

    [Fact]
    public void The_first_request_may_have_the_sequence_number_zero() => Assert.False(Due(Directed(63, reordering: 3, sequence: 0), 0, 1));

    [Theory]
    [InlineData(3UL, "0 1 3 4 5! 8 9! 10!")] // table 1
    [InlineData(5UL, "0 1 3 5 6 7! 8 9!")] // table 2
    [InlineData(1UL, "0 1 3! 4 5 8! 9 10 7! 6!")] // RFC 9000 §13.2.1
    [InlineData(0UL, "0 5 3 20 7 1")]
    [InlineData(3UL, "0 1 3 2 4 6 5 7")] // a swap is within the window
    [InlineData(3UL, "4! 5! 1! 6!")] // what came before the first packet may be missing as well
    [InlineData(3UL, "0 1 2 3 8! 9! 10! 11 12 13 5! 4! 12")] // 4 to 7 are told one by one; a late one was declared lost, a repeated one is nothing
    public void Out_of_order_packets_are_told_when_the_peer_takes_them_for_lost(ulong reordering, string sequence)
    {
        AckGenerator acks = Directed(Never, reordering);
        foreach (string step in sequence.Split(' '))
        {
            ulong number = ulong.Parse(step.TrimEnd('!'), System.Globalization.CultureInfo.InvariantCulture);
            Receive(acks, number);
            Assert.True(acks.IsDue(Start) == step.EndsWith('!'), $"packet {number} of {sequence}");
            if (acks.IsDue(Start)) acks.OnAckSent();
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(100UL)]
    public void No_more_gaps_gather_than_one_acknowledgement_has_room_for(ulong reordering)
    {
        AckGenerator acks = Directed(Never, reordering);
        Receive(acks, 0);
        for (int gap = 1; gap < AckGenerator.MaxGapsUntold; gap++) Assert.False(Due(acks, (ulong)gap * 2));
        Assert.True(Due(acks, AckGenerator.MaxGapsUntold * 2));
    }

    [Theory]
    [InlineData(63UL, "0110111", "0100100")]
    [InlineData(1UL, "0110111", "0110111")]
    [InlineData(0UL, "0110111", "1111111")]
    public void Of_a_run_of_congestion_marks_the_first_is_told_at_once(ulong threshold, string marks, string due)
    {
        AckGenerator acks = Directed(threshold, reordering: 3);
        for (int i = 0; i < marks.Length; i++)
        {
            acks.OnReceived(Start, (ulong)i, marks[i] == '1' ? EcnCodepoint.CongestionExperienced : EcnCodepoint.Ect0, isAckEliciting: true);
            Assert.True(acks.IsDue(Start) == (due[i] == '1'), $"packet {i}");
            acks.OnAckSent();
        }

        Assert.Equal((ulong)marks.Count(mark => mark == '1'), acks.CeCount);
    }

    [Fact]
    public void The_thinning_of_our_own_ends_with_the_first_request()
    {
        AckGenerator acks = new(TimeSpan.FromMilliseconds(25), 2);
        TimeSpan part = TimeSpan.FromMilliseconds(2);
        ulong next = 0;
        for (; next < 300; next++)
        {
            acks.OnReceived(Start, next, EcnCodepoint.NotEct, isAckEliciting: true, part);
            if (acks.IsDue(Start)) acks.OnAckSent();
        }

        acks.OnAckSent();
        acks.Follow(new AckFrequencyFrame(0, 1, 10_000, 1));
        acks.OnReceived(Start, next++, EcnCodepoint.NotEct, isAckEliciting: true, part);
        Assert.False(acks.IsDue(Start));
        acks.OnReceived(Start, next, EcnCodepoint.NotEct, isAckEliciting: true, part);
        Assert.True(acks.IsDue(Start));
    }

    private static AckGenerator Directed(ulong threshold, ulong reordering, ulong sequence = 3)
    {
        AckGenerator acks = new(TimeSpan.FromMilliseconds(25), 2);
        acks.Follow(new AckFrequencyFrame(sequence, threshold, (ulong)Delay.TotalMicroseconds, reordering));
        return acks;
    }

    private static void Receive(AckGenerator acks, ulong number) => acks.OnReceived(Start, number, EcnCodepoint.NotEct, isAckEliciting: true);

    private static bool Due(AckGenerator acks, params ReadOnlySpan<ulong> numbers)
    {
        foreach (ulong number in numbers) Receive(acks, number);
        return acks.IsDue(Start);
    }
}
