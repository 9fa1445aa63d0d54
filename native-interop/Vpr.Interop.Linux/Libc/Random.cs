using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>sys/random.h: getrandom(2)</remarks>
internal static partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint getrandom(Span<byte> buffer, nuint length, uint flags);
}
