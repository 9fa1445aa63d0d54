using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.Linux;

/// <summary>Owns a file descriptor and closes it once.</summary>
internal sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    private SafeDescriptor(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>Takes over the result of a call that opens a descriptor.</summary>
    /// <param name="result">The call's result: a descriptor, or -1.</param>
    /// <param name="call">The call's name, for the exception; a constant, since formatting one could replace the error.</param>
    /// <param name="hint">What the operator can do when it fails.</param>
    /// <exception cref="LinuxException">The call failed.</exception>
    internal static SafeDescriptor Own(int result, string call, string? hint = null) =>
        result >= 0 ? new SafeDescriptor(result) : throw LinuxException.Because(Libc.LastError, call, hint);

    /// <summary>Takes over the result of a call that opens a descriptor; <see langword="false"/> leaves the reason in the thread's last error.</summary>
    internal static bool TryOwn(int result, out SafeDescriptor descriptor, out LinuxErrorCode error)
    {
        error = result >= 0 ? LinuxErrorCode.None : Libc.LastError;
        descriptor = new SafeDescriptor(result);
        return result >= 0;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
