using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Report;
using Vpr.Perf.Lab.Runs;

namespace Vpr.Perf.Lab.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void The_median_is_the_middle_or_the_mean_of_two()
    {
        Assert.Null(Statistics.Median([]));
        Assert.Equal(3, Statistics.Median([9, 3, 1]));
        Assert.Equal(2.5, Statistics.Median([4, 1, 2, 3]));
    }

    [Fact]
    public void A_ratio_pairs_values_of_the_same_round_alone()
    {
        // The machine is twice as fast in round 2: the ratio does not see it, the medians would.
        var peer = new Dictionary<int, double> { [1] = 2, [2] = 4, [3] = 2, [4] = 100 };
        var reference = new Dictionary<int, double> { [1] = 1, [2] = 2, [3] = 1 };
        Assert.Equal(2, Statistics.PairedRatio(peer, reference));
        Assert.Null(Statistics.PairedRatio(peer, new Dictionary<int, double> { [9] = 1 }));
    }

    [Theory]
    [InlineData(0.05, 0.01, false)]
    [InlineData(0.07, 0.01, true)]
    [InlineData(0.05, 0.03, true)]
    public void A_disturbance_exceeds_either_limit(double foreign, double steal, bool expected) =>
        Assert.Equal(expected, new Disturbance(foreign, steal).Exceeds(new DisturbanceLimits(0.06, 0.02, 0, TimeSpan.Zero)));

    [Fact]
    public void Discarded_samples_count_for_nothing_but_are_counted()
    {
        Sample[] samples =
        [
            Samples.Tcp(1, "vpr", 2.0), Samples.Tcp(2, "vpr", 50.0) with { Discarded = true }, Samples.Tcp(3, "vpr", 4.0),
            Samples.Tcp(1, "wireguard-go", 1.0), Samples.Tcp(2, "wireguard-go", 1.0), Samples.Tcp(3, "wireguard-go", 1.0),
        ];
        SummaryRow row = Assert.Single(new Summary(samples, "wireguard-go").Rows(["veth"], [Samples.TcpId], ["vpr"]), row => row.Metric == Metric.Throughput.Id);
        Assert.Equal(3, row.Median);
        Assert.Equal((2.0, 4.0), (row.Lowest, row.Highest));
        Assert.Equal((2, 1), (row.Rounds, row.Discarded));
        Assert.Equal(3, row.RatioToReference);
    }

    [Fact]
    public void Every_peer_begins_a_round_in_turn()
    {
        string[] peers = ["a", "b", "c"];
        Assert.Equal(["a", "b", "c", "a"], Enumerable.Range(0, 4).Select(round => LabRun.Rotate(peers, round).First()));
        Assert.All(Enumerable.Range(0, 4), round => Assert.Equal(peers, LabRun.Rotate(peers, round).Order()));
    }

    [Theory]
    [InlineData(2.3, true)]
    [InlineData(2.1, false)]
    public void A_goal_is_judged_by_its_worst_scenario(double slower, bool met)
    {
        Sample[] samples =
        [
            Samples.Tcp(1, "vpr-noinner", 3), Samples.Tcp(1, "wireguard-go", 1),
            Samples.Tcp(1, "vpr-noinner", slower) with { Scenario = "tcp-down-1-cubic" }, Samples.Tcp(1, "wireguard-go", 1) with { Scenario = "tcp-down-1-cubic" },
        ];
        GoalResult goal = Assert.Single(Goals.Judge(new Summary(samples, "wireguard-go"), ["veth"], [Samples.TcpId, "tcp-down-1-cubic"], hasBottleneck: false),
            goal => goal.Goal.Contains("Throughput", StringComparison.Ordinal));
        Assert.Equal(met, goal.Met);
    }

    [Theory]
    [InlineData(0.8, 1.2, true)]
    [InlineData(0.7, 1.0, false)]
    [InlineData(1.5, 1.3, false)]
    public void A_comparison_fails_beyond_its_margin(double throughput, double cpu, bool passes)
    {
        Sample[] samples =
        [
            Samples.Tcp(1, "base", 1),
            Samples.Tcp(1, "vpr", throughput) with { Values = new Dictionary<string, double> { [Metric.Throughput.Id] = throughput, [Metric.TunnelCpu.Id] = 8 * cpu } },
        ];
        GoalResult[] results = [.. Regression.Judge(new Summary(samples, "base"), ["veth"], [Samples.TcpId], "base", 0.25)];
        Assert.Equal(2, results.Length);
        Assert.Equal(passes, results.All(result => result.Met));
    }

    [Fact]
    public void A_changed_setting_is_compared_with_the_peer_without_it()
    {
        Sample[] samples = [Samples.Tcp(1, "vpr", 2), Samples.Tcp(1, "vpr+Io=epoll", 1), Samples.Tcp(1, "vpr-noinner", 3), Samples.Tcp(1, "wireguard-go", 1)];
        SettingRow[] rows = [.. new Summary(samples, "wireguard-go").SettingRows(["veth"], [Samples.TcpId], ["vpr", "vpr+Io=epoll", "vpr-noinner", "wireguard-go"])];
        Assert.Equal([("vpr+Io=epoll", "vpr", 0.5), ("vpr-noinner", "vpr", 1.5)],
            rows.Where(row => row.Metric == Metric.Throughput.Id).Select(row => (row.Peer, row.Base, row.Ratio)));
        Assert.Equal(2, rows.Count(row => row.Metric == Metric.TunnelCpu.Id));
    }
}
