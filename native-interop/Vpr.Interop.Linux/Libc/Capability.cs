using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>linux/capability.h: capget(2)</remarks>
internal static partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int capget(ReadOnlySpan<uint> header, Span<uint> data);
}
