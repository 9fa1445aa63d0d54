using Vpr.Perf.Lab.Load;

namespace Vpr.Perf.Lab.Tests;

public sealed class RateSearchTests
{
    private const double LossLimit = 0.001;

    [Theory]
    [InlineData(2_000)]
    [InlineData(10_000)]
    [InlineData(43_210)]
    [InlineData(480_000)]
    public void It_finds_what_a_path_carries(double capacity)
    {
        RateResult result = new RateSearch(LossLimit).Run(rate => Try(rate, capacity, senderLimit: double.PositiveInfinity));
        Assert.InRange(result.PacketsPerSecond, capacity * 0.95, capacity * (1 + LossLimit) + 1);
        Assert.False(result.SenderLimited);
        Assert.InRange(result.Trials, 1, 40);
    }

    [Fact]
    public void It_says_when_the_sender_gave_up_first()
    {
        RateResult result = new RateSearch(LossLimit).Run(rate => Try(rate, capacity: 900_000, senderLimit: 200_000));
        Assert.True(result.SenderLimited);
        Assert.InRange(result.PacketsPerSecond, 190_000, 200_000);
    }

    [Fact]
    public void A_lone_burst_of_loss_is_not_the_limit()
    {
        int tries = 0;
        RateResult result = new RateSearch(LossLimit).Run(rate => tries++ % 3 == 1
            ? new RateTrial(rate, (long)rate, (long)(rate * 0.97), 1)
            : Try(rate, capacity: 100_000, senderLimit: double.PositiveInfinity));
        Assert.InRange(result.PacketsPerSecond, 95_000, 100_200);
    }

    [Fact]
    public void A_rate_that_fails_for_another_reason_does_not_end_the_search()
    {
        RateResult result = new RateSearch(LossLimit).Run(rate => rate is > 20_000 and < 30_000
            ? new RateTrial(rate, (long)rate, (long)(rate * 0.99), 1)
            : Try(rate, capacity: 100_000, senderLimit: double.PositiveInfinity));
        Assert.InRange(result.PacketsPerSecond, 95_000, 100_200);
    }

    [Fact]
    public void A_path_that_loses_everything_carries_nothing()
    {
        RateResult result = new RateSearch(LossLimit).Run(rate => new RateTrial(rate, (long)rate, 0, 1));
        Assert.Equal(0, result.PacketsPerSecond);
    }

    private static RateTrial Try(double rate, double capacity, double senderLimit)
    {
        double sent = Math.Min(rate, senderLimit);
        return new RateTrial(rate, (long)sent, (long)Math.Min(sent, capacity), 1);
    }
}
