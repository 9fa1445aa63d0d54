using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.Darwin;

/// <summary>Owns a file descriptor and closes it once.</summary>
internal sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    private SafeDescriptor(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>Takes over the result of a call that opens a descriptor.</summary>
    /// <param name="result">The call's result: a descriptor, or -1.</param>
    /// <param name="call">The call's name, for the exception; a constant, since formatting one could replace the error.</param>
    /// <param name="hint">What the operator can do when it fails.</param>
    /// <exception cref="DarwinException">The call failed.</exception>
    internal static SafeDescriptor Own(int result, string call, string? hint = null) =>
        result >= 0 ? new SafeDescriptor(result) : throw new DarwinException(Marshal.GetLastPInvokeError(), call, hint);

    /// <summary>Makes reads and writes return at once, and keeps the descriptor from programs that are started.</summary>
    internal void SetNonBlocking()
    {
        // O_NONBLOCK is the one status flag that a descriptor of ours has: there is none to keep.
        if (DarwinLibc.Control(this, DarwinLibc.F_SETFL, ErrorNumber.IsBsd ? DarwinLibc.O_NONBLOCK : DarwinLibc.O_NONBLOCK_Linux) < 0)
            throw new DarwinException(Marshal.GetLastPInvokeError(), "fcntl O_NONBLOCK");
        if (DarwinLibc.Control(this, DarwinLibc.F_SETFD, DarwinLibc.FD_CLOEXEC) < 0)
            throw new DarwinException(Marshal.GetLastPInvokeError(), "fcntl FD_CLOEXEC");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => DarwinLibc.close((int)handle) == 0;
}
