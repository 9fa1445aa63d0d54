namespace Vpr.Client.Loop;

/// <summary>How long to wait before the next attempt: none at first, then doubling to a bound, so that a server that comes back is found soon and one that does not is left in peace.</summary>
internal sealed class ReconnectDelay
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(125);

    private int _failures;

    /// <summary>A tunnel was up: the next attempt is made at once.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The wait before the next attempt; longer with each call.</summary>
    public TimeSpan Next()
    {
        int failures = _failures++;
        if (failures == 0) return TimeSpan.Zero;
        TimeSpan delay = s_first * (1L << Math.Min(failures - 1, 16));
        return delay < Longest ? delay : Longest;
    }
}
