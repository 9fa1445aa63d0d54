namespace Vpr.Interop.Darwin;

/// <summary>The errno values that are told apart here. macOS and FreeBSD agree on them; Linux, where the tests run, has others from 11 on.</summary>
/// <remarks>sys/errno.h: intro(2)</remarks>
internal static class ErrorNumber
{
    internal const int EPERM = 1;
    internal const int EINTR = 4;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;

    /// <summary>Whether this system numbers its errors and flags as the BSDs do.</summary>
    internal static readonly bool IsBsd = !OperatingSystem.IsLinux();

    internal static readonly int EAGAIN = IsBsd ? 35 : 11;
    internal static readonly int EMSGSIZE = IsBsd ? 40 : 90;
    internal static readonly int EADDRINUSE = IsBsd ? 48 : 98;
    internal static readonly int EADDRNOTAVAIL = IsBsd ? 49 : 99;
    internal static readonly int ENETDOWN = IsBsd ? 50 : 100;
    internal static readonly int ENETUNREACH = IsBsd ? 51 : 101;
    internal static readonly int EHOSTUNREACH = IsBsd ? 65 : 113;
}
