using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <summary>struct kevent, which differs between systems in its size and in the number of EVFILT_USER.</summary>
/// <remarks>sys/event.h of macOS, FreeBSD 12 and later, and libkqueue; 64-bit each. The members that we use lie at the same offsets in all.</remarks>
/// <param name="Size">Bytes of the structure.</param>
/// <param name="UserFilter">EVFILT_USER.</param>
internal sealed record KeventLayout(int Size, short UserFilter)
{
    private const int Filter = 8;
    private const int Flags = 10;
    private const int FilterFlags = 12;
    private const int Data = 16;
    private const int UserData = 24;

    /// <summary>macOS.</summary>
    internal static KeventLayout MacOS { get; } = new(32, -10);

    /// <summary>FreeBSD, where four words for extensions follow.</summary>
    internal static KeventLayout FreeBsd { get; } = new(64, -11);

    /// <summary>libkqueue on Linux: the form of FreeBSD before 12.</summary>
    internal static KeventLayout LibKqueue { get; } = new(32, -11);

    /// <summary>The layout of this system.</summary>
    /// <exception cref="PlatformNotSupportedException">It has no kqueue that is known here.</exception>
    internal static KeventLayout OfThisSystem() =>
        OperatingSystem.IsMacOS() ? MacOS
        : OperatingSystem.IsFreeBSD() ? FreeBsd
        : throw new PlatformNotSupportedException("kqueue is for macOS and FreeBSD.");

    /// <summary>Writes one structure.</summary>
    internal void Write(Span<byte> destination, in Kevent value)
    {
        destination = destination[..Size];
        destination.Clear();
        MemoryMarshal.Write(destination, in value.Ident);
        MemoryMarshal.Write(destination[Filter..], in value.Filter);
        MemoryMarshal.Write(destination[Flags..], in value.Flags);
        MemoryMarshal.Write(destination[FilterFlags..], in value.FilterFlags);
        MemoryMarshal.Write(destination[Data..], in value.Data);
        MemoryMarshal.Write(destination[UserData..], in value.UserData);
    }

    /// <summary>Reads structure <paramref name="index"/> of an array.</summary>
    internal Kevent Read(ReadOnlySpan<byte> source, int index)
    {
        source = source.Slice(index * Size, Size);
        return new Kevent
        {
            Ident = MemoryMarshal.Read<nuint>(source),
            Filter = MemoryMarshal.Read<short>(source[Filter..]),
            Flags = MemoryMarshal.Read<ushort>(source[Flags..]),
            FilterFlags = MemoryMarshal.Read<uint>(source[FilterFlags..]),
            Data = MemoryMarshal.Read<long>(source[Data..]),
            UserData = MemoryMarshal.Read<nint>(source[UserData..]),
        };
    }
}

/// <summary>The members of struct kevent.</summary>
internal struct Kevent
{
    /// <summary>The descriptor, or the number of a user event.</summary>
    internal nuint Ident;

    /// <summary>EVFILT_…</summary>
    internal short Filter;

    /// <summary>EV_…</summary>
    internal ushort Flags;

    /// <summary>NOTE_…</summary>
    internal uint FilterFlags;

    /// <summary>The errno value of a change that failed; otherwise of no use here.</summary>
    internal long Data;

    /// <summary>What we gave it: the source's index.</summary>
    internal nint UserData;
}
