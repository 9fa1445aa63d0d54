using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>sys/ioctl.h, linux/sockios.h: ioctl(2), netdevice(7)</remarks>
internal static partial class Libc
{
    internal const uint SIOCGIFMTU = 0x8921;
    internal const uint SIOCSIFMTU = 0x8922;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(SafeDescriptor fd, nuint request, Span<byte> argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(SafeDescriptor fd, nuint request, nuint argument);
}
