using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <summary>A system call of a set-up step failed. The packet path never throws it: there errors are values.</summary>
public sealed class DarwinException : Exception
{
    /// <summary>Names the call, the reason, and what the operator can do.</summary>
    /// <param name="error">The kernel's reason, an errno value of this system. It comes first, because even formatting the other arguments may call the system and replace it.</param>
    /// <param name="call">The call as its manual page names it, with the object it was about: "connect utun7".</param>
    /// <param name="hint">One sentence that says what to do, or <see langword="null"/>.</param>
    public DarwinException(int error, string call, string? hint = null)
        : base(Describe(error, call, hint))
    {
        Error = error;
        Call = call;
        Hint = hint;
    }

    /// <summary>The kernel's reason, an errno value of this system.</summary>
    public int Error { get; }

    /// <summary>The call that failed.</summary>
    public string Call { get; }

    /// <summary>What the operator can do, or <see langword="null"/>.</summary>
    public string? Hint { get; }

    private static string Describe(int error, string call, string? hint)
    {
        string text = $"{call}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
        return hint is null ? text : $"{text}. {hint}";
    }
}
