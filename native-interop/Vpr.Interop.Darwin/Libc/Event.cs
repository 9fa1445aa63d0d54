using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <remarks>sys/event.h: kqueue(2), kevent(2)</remarks>
internal static partial class DarwinLibc
{
    internal const short EVFILT_READ = -1;
    internal const short EVFILT_WRITE = -2;

    internal const ushort EV_ADD = 0x1;
    internal const ushort EV_DELETE = 0x2;
    internal const ushort EV_CLEAR = 0x20;
    internal const ushort EV_ERROR = 0x4000;
    internal const ushort EV_EOF = 0x8000;

    internal const uint NOTE_TRIGGER = 0x0100_0000;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int kqueue();

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int kevent(
        SafeDescriptor queue, ReadOnlySpan<byte> changes, int changeCount, Span<byte> events, int eventCapacity, ReadOnlySpan<long> timeout);
}
