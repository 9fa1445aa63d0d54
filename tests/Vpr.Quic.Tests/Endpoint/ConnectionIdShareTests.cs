using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Endpoint;

public class ConnectionIdShareTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(15, 16)]
    [InlineData(255, 256)]
    public void Every_first_byte_of_the_share_is_as_likely_as_any_other_and_no_other_occurs(int index, int count)
    {
        ConnectionIdShare share = new(index, count);
        SeededRandom random = new(17);
        int[] seen = new int[256];
        Span<byte> bytes = stackalloc byte[8];
        int candidates = (255 - index) / count + 1, draws = candidates * 1000;
        for (int i = 0; i < draws; i++)
        {
            Assert.Equal(8, share.Draw(random, 8).CopyTo(bytes));
            Assert.True(share.Holds(bytes));
            seen[bytes[0]]++;
        }

        // Five standard deviations of a binomial count around 1000.
        for (int value = 0; value < 256; value++)
            Assert.InRange(seen[value], value % count == index ? Math.Min(draws, 840) : 0, value % count == index ? Math.Max(1160, candidates == 1 ? draws : 0) : 0);
    }

    [Fact]
    public void The_rest_of_an_id_is_random()
    {
        SeededRandom random = new(18);
        ConnectionIdShare share = new(1, 2);
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => share.Draw(random, 8).ToString()[2..]).Distinct().Count());
    }

    [Fact]
    public void An_id_without_a_byte_is_the_first_endpoints_and_an_unset_share_holds_all()
    {
        Assert.True(new ConnectionIdShare(0, 4).Holds([]));
        Assert.False(new ConnectionIdShare(1, 4).Holds([]));
        Assert.True(default(ConnectionIdShare).Holds([]));
        Assert.True(default(ConnectionIdShare).Holds([255, 1]));
        Assert.Equal(new ConnectionIdShare(0, 1), default);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 257)]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    public void There_are_as_many_shares_as_a_byte_has_remainders(int index, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectionIdShare(index, count));
}
