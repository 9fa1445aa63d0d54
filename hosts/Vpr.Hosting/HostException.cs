namespace Vpr.Hosting;

/// <summary>A failure the user can do something about: one line that says what, and the process's exit code.</summary>
public sealed class HostException : Exception
{
    /// <summary>A failure with its line and code.</summary>
    /// <param name="exitCode">What the process returns.</param>
    /// <param name="message">One sentence: what is wrong and what to do. Never holds a secret.</param>
    /// <param name="inner">The cause, for the log.</param>
    public HostException(ExitCode exitCode, string message, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>What the process returns.</summary>
    public ExitCode ExitCode { get; }
}
