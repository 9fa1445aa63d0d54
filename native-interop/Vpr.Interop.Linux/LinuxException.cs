using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>A system call of a set-up step failed. The packet path never throws it: there errors are values.</summary>
public sealed class LinuxException : Exception
{
    /// <summary>Names the call, the reason, and what the operator can do.</summary>
    /// <param name="call">The call as its manual page names it, with the object it was about: "open /dev/net/tun".</param>
    /// <param name="code">The kernel's reason.</param>
    /// <param name="hint">One sentence that says what to do, or <see langword="null"/>.</param>
    public LinuxException(string call, LinuxErrorCode code, string? hint = null)
        : base(Describe(call, code, hint))
    {
        Call = call;
        Code = code;
        Hint = hint;
    }

    /// <summary>The call that failed.</summary>
    public string Call { get; }

    /// <summary>The kernel's reason.</summary>
    public LinuxErrorCode Code { get; }

    /// <summary>What the operator can do, or <see langword="null"/>.</summary>
    public string? Hint { get; }

    /// <summary>The exception for the call that has just failed on this thread.</summary>
    /// <param name="error"><see cref="Libc.LastError"/>: it comes first, because even formatting the other arguments may call the system and replace it.</param>
    /// <param name="call">The call.</param>
    /// <param name="hint">What the operator can do.</param>
    internal static LinuxException Because(LinuxErrorCode error, string call, string? hint = null) => new(call, error, hint);

    private static string Describe(string call, LinuxErrorCode code, string? hint)
    {
        string text = $"{call}: {Marshal.GetPInvokeErrorMessage((int)code)} ({code})";
        return hint is null ? text : $"{text}. {hint}";
    }
}
