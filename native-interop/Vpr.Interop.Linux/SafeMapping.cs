using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.Linux;

/// <summary>Owns memory that a descriptor shares with the kernel, and unmaps it once.</summary>
/// <remarks>mmap(2)</remarks>
internal sealed class SafeMapping : SafeHandleMinusOneIsInvalid
{
    private readonly nuint _length;

    /// <summary>Maps <paramref name="length"/> bytes of <paramref name="descriptor"/> from <paramref name="offset"/> on, for reading and writing.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    internal SafeMapping(SafeDescriptor descriptor, nuint length, nint offset)
        : base(ownsHandle: true)
    {
        _length = length;
        SetHandle(Libc.mmap(0, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, descriptor, offset));
        if (IsInvalid) throw LinuxException.Because(Libc.LastError, "mmap");
    }

    /// <summary>Where the memory begins; valid as long as this object.</summary>
    internal nint Address => handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.munmap(handle, _length) == 0;
}
