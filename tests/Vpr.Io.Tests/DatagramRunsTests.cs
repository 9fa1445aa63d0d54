namespace Vpr.Io.Tests;

public class DatagramRunsTests
{
    private static readonly DatagramPath s_path = new(default, UdpEndpoint.FromIpv4(1, 2));

    private readonly DatagramRuns _runs = new(runs: 3, longest: 2000);
    private byte _next;

    [Fact]
    public void Equal_datagrams_lie_side_by_side_and_a_shorter_one_ends_their_run()
    {
        Assert.False(Send(1000));
        Assert.True(Send(1000));
        Assert.True(Send(400));
        Assert.False(Send(400));

        Assert.Equal(2, _runs.Batch.Count);
        Assert.Equal((2400, 1000), (_runs.Batch[0].Length, _runs.Batch[0].SegmentSize));
        Assert.Equal((400, 400), (_runs.Batch[1].Length, _runs.Batch[1].SegmentSize));
        Span<byte> run = _runs.Batch.Packet(0);
        Assert.Equal((0, 1, 2), (run[0], run[1000], run[2399]));
        Assert.Equal(3, _runs.Batch.Packet(1)[399]);
    }

    [Fact]
    public void A_longer_one_begins_a_run()
    {
        Send(400);
        Assert.False(Send(1000));
        Assert.Equal(2, _runs.Batch.Count);
    }

    [Fact]
    public void One_that_came_out_longer_than_reserved_or_goes_elsewhere_is_moved_to_a_run_of_its_own()
    {
        Send(400);
        Assert.True(_runs.TryReserve(1500, isExact: false, slack: 0, out Span<byte> room, out bool continues));
        Assert.True(continues);
        room[..500].Fill(9);
        _runs.Commit(0, 500, s_path, EcnCodepoint.NotEct);
        Assert.Equal((2, 500), (_runs.Batch.Count, _runs.Batch[1].Length));
        Assert.False(_runs.Batch.Packet(1).ContainsAnyExcept((byte)9));

        Assert.True(_runs.TryReserve(500, isExact: true, slack: 0, out room, out _));
        room[..500].Fill(8);
        _runs.Commit(0, 500, new DatagramPath(default, UdpEndpoint.FromIpv4(3, 4)), EcnCodepoint.NotEct);
        Assert.Equal(3, _runs.Batch.Count);
        Assert.False(_runs.Batch.Packet(1).ContainsAnyExcept((byte)9));
        Assert.False(_runs.Batch.Packet(2).ContainsAnyExcept((byte)8));
    }

    [Fact]
    public void Slack_is_for_a_datagram_that_begins_a_run()
    {
        Assert.True(_runs.TryReserve(100, isExact: true, slack: 48, out Span<byte> room, out bool continues));
        Assert.False(continues);
        Assert.True(room.Length >= 148);
        _runs.Commit(48, 100, s_path, EcnCodepoint.NotEct);
        Assert.Equal((48, 100), (_runs.Batch[0].Offset, _runs.Batch[0].Length));
        Assert.True(Send(100));
        Assert.Equal(200, _runs.Batch[0].Length);
    }

    [Fact]
    public void What_is_not_committed_leaves_nothing()
    {
        Send(100);
        Assert.True(_runs.TryReserve(100, isExact: true, slack: 0, out _, out _));
        Assert.True(Send(100));
        Assert.Equal(200, _runs.Batch[0].Length);
    }

    [Fact]
    public void A_run_ends_at_64_datagrams_and_the_memory_at_its_runs()
    {
        for (int i = 0; i < 3 * DatagramRuns.MaxSegments; i++) Send(10);
        Assert.Equal(3, _runs.Batch.Count);
        Assert.Equal(640, _runs.Batch[2].Length);
        Assert.False(_runs.TryReserve(10, isExact: true, slack: 0, out _, out _));
        _runs.Clear();
        Assert.False(Send(10));
        Assert.Equal(1, _runs.Batch.Count);
    }

    [Fact]
    public void A_run_is_no_longer_than_an_IP_packet_takes()
    {
        for (int i = 0; i < 60; i++) Send(1400);
        Assert.All(Enumerable.Range(0, _runs.Batch.Count), index => Assert.True(_runs.Batch[index].Length <= 65_487));
        Assert.Equal(60 * 1400, Enumerable.Range(0, _runs.Batch.Count).Sum(index => _runs.Batch[index].Length));
    }

    /// <returns>Whether it continued a run.</returns>
    private bool Send(int length)
    {
        Assert.True(_runs.TryReserve(length, isExact: true, slack: 0, out Span<byte> room, out bool continues));
        room[..length].Fill(_next++);
        _runs.Commit(0, length, s_path, EcnCodepoint.NotEct);
        return continues;
    }
}
