namespace Vpr.Perf.Lab.Load;

/// <summary>What one try at a rate gave.</summary>
/// <param name="Rate">Packets a second that were asked for.</param>
/// <param name="Sent">Packets that left.</param>
/// <param name="Received">Packets that arrived.</param>
/// <param name="Seconds">How long it was sent.</param>
internal readonly record struct RateTrial(double Rate, long Sent, long Received, double Seconds)
{
    /// <summary>The part that was lost, 0 to 1.</summary>
    public double Loss => Sent == 0 ? 1 : Math.Max(0, 1 - ((double)Received / Sent));

    /// <summary>Packets a second that arrived.</summary>
    public double Achieved => Received / Seconds;

    /// <summary>Whether the sender could not follow.</summary>
    public bool IsSenderLimited => Sent < 0.9 * Rate * Seconds;
}

/// <summary>What a search found.</summary>
/// <param name="PacketsPerSecond">The highest rate that arrived with little enough loss; 0 when even the lowest lost more.</param>
/// <param name="SenderLimited">Whether the sender gave up before the path did.</param>
/// <param name="Trials">How many tries it took.</param>
internal sealed record RateResult(double PacketsPerSecond, bool SenderLimited, int Trials);

/// <summary>Looks for the highest rate without loss: grows until packets are lost at two rates in a row, or plainly at one, then halves the gap.</summary>
/// <param name="lossLimit">The part that may be lost, 0 to 1.</param>
internal sealed class RateSearch(double lossLimit)
{
    private const double FirstRate = 10_000;
    private const double Growth = 1.5;
    private const double Resolution = 1.04;

    // A lone burst of loss on a machine with two cores is not the limit: a rate has failed when it failed three times, or plainly.
    private const int Attempts = 3;
    private const double PlainLoss = 0.05;

    /// <summary>Searches.</summary>
    /// <param name="attempt">Sends at a rate and tells what arrived.</param>
    public RateResult Run(Func<double, RateTrial> attempt)
    {
        double best = 0, low = 0, high = double.PositiveInfinity, rate = FirstRate;
        bool senderLimited = false, hasFailed = false;
        int trials = 0;
        while (true)
        {
            RateTrial trial = default;
            bool passed = false;
            for (int i = 0; i < Attempts && !passed; i++)
            {
                trial = attempt(rate);
                trials++;
                passed = trial.Loss <= lossLimit;
                if (trial.Loss > PlainLoss) break;
            }

            if (passed)
            {
                best = Math.Max(best, trial.Achieved);
                low = rate;
                hasFailed = false;
                if (trial.IsSenderLimited)
                {
                    senderLimited = true;
                    break;
                }
            }
            else if (double.IsInfinity(high) && !hasFailed && trial.Loss <= PlainLoss)
            {
                // Perhaps something else took the cores for a moment: the next rate will tell.
                hasFailed = true;
            }
            else
            {
                high = rate;
            }

            if (double.IsInfinity(high)) rate *= Growth;
            else if (low == 0 && high <= FirstRate / 16) break;
            else if (low == 0) rate = high / 2;
            else if (high / low <= Resolution) break;
            else rate = (low + high) / 2;
        }

        return new RateResult(best, senderLimited, trials);
    }
}
