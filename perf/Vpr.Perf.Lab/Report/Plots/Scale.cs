namespace Vpr.Perf.Lab.Report.Plots;

/// <summary>An axis: where a value lies between its two ends, and which values are marked.</summary>
internal abstract class Scale
{
    /// <summary>Where a value lies: 0 at the axis' beginning, 1 at its end.</summary>
    public abstract double Place(double value);

    /// <summary>The marked values with their labels.</summary>
    public abstract IReadOnlyList<(double Value, string Label)> Marks { get; }
}

/// <summary>Equal steps from 0 to a round number at or above the largest value.</summary>
internal sealed class LinearScale : Scale
{
    private const int AboutSteps = 5;

    private readonly double _end;

    /// <summary>Makes one that reaches a value.</summary>
    public LinearScale(double largest)
    {
        double rough = largest > 0 ? largest / AboutSteps : 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
        int steps = Math.Max(1, (int)Math.Ceiling((largest / step) - 1e-9));
        _end = step * steps;
        Marks = [.. Enumerable.Range(0, steps + 1).Select(i => (i * step, Text.Number(i * step)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(double Value, string Label)> Marks { get; }

    /// <inheritdoc/>
    public override double Place(double value) => value / _end;
}

/// <summary>Equal steps for equal factors, from one power of ten to another.</summary>
internal sealed class LogScale : Scale
{
    private readonly double _first;
    private readonly double _decades;

    /// <summary>Makes one that reaches from below the smallest to above the largest value, both above 0.</summary>
    public LogScale(double smallest, double largest)
    {
        _first = Math.Floor(Math.Log10(smallest));
        _decades = Math.Max(1, Math.Ceiling(Math.Log10(largest)) - _first);
        Marks = [.. Enumerable.Range(0, (int)_decades + 1).Select(i => Math.Pow(10, _first + i)).Select(value => (value, Text.Number(value)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(double Value, string Label)> Marks { get; }

    /// <inheritdoc/>
    public override double Place(double value) => (Math.Log10(Math.Max(value, double.Epsilon)) - _first) / _decades;
}

/// <summary>Percentiles by their nines: 90, 99, 99.9 and 99.99 at equal steps, so that the tail has as much room as the rest.</summary>
internal sealed class NinesScale : Scale
{
    private const double Nines = 4;

    /// <inheritdoc/>
    public override IReadOnlyList<(double Value, string Label)> Marks { get; } =
        [(0, "0 %"), (50, "50 %"), (90, "90 %"), (99, "99 %"), (99.9, "99.9 %"), (99.99, "99.99 %")];

    /// <inheritdoc/>
    public override double Place(double value) => Math.Min(Nines, -Math.Log10(Math.Max(1e-9, 1 - (value / 100)))) / Nines;
}
