namespace Vpr.Perf.Lab;

/// <summary>A measurement that cannot be made, with one sentence for the person at the terminal.</summary>
internal sealed class BenchException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The process's exit code when a measurement cannot be made.</summary>
    public const int FailureCode = 1;

    /// <summary>The process's exit code when the command line makes no sense.</summary>
    public const int UsageCode = 2;

    /// <summary>The process's exit code when a comparison found a regression.</summary>
    public const int RegressionCode = 3;

    /// <summary>The process's exit code after Ctrl-C.</summary>
    public const int InterruptedCode = 130;
}
