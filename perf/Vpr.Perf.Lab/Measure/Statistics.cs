namespace Vpr.Perf.Lab.Measure;

/// <summary>What is made of several rounds.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <returns>Null when there is none.</returns>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return null;
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median over rounds of one peer's value divided by another's of the same round: what moved the whole machine falls out.</summary>
    /// <param name="values">The peer's values by round.</param>
    /// <param name="references">The other's.</param>
    /// <returns>Null when no round has both.</returns>
    public static double? PairedRatio(IReadOnlyDictionary<int, double> values, IReadOnlyDictionary<int, double> references) =>
        Median(values.Where(pair => references.TryGetValue(pair.Key, out double reference) && reference > 0)
            .Select(pair => pair.Value / references[pair.Key]));
}
