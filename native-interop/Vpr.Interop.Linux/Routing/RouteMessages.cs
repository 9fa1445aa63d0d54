using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>struct ifinfomsg: the fixed part of link messages.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkMessage
{
    internal byte Family;
    internal ushort Type;
    internal int Index;
    internal uint Flags;
    internal uint Change;
}

/// <summary>struct ifaddrmsg: the fixed part of address messages.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressMessage
{
    internal byte Family;
    internal byte PrefixLength;
    internal byte Flags;
    internal byte Scope;
    internal int Link;
}

/// <summary>struct rtmsg and struct fib_rule_hdr: the fixed part of route and rule messages, which share a layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RouteMessage
{
    internal byte Family;
    internal byte DestinationLength;
    internal byte SourceLength;
    internal byte TypeOfService;

    /// <summary>The table when it is below 256; the attribute has it in full.</summary>
    internal byte Table;

    /// <summary>rtm_protocol; unused in a rule.</summary>
    internal byte Protocol;

    /// <summary>rtm_scope; unused in a rule.</summary>
    internal byte Scope;

    /// <summary>rtm_type, or a rule's action.</summary>
    internal byte Type;

    internal uint Flags;
}

/// <summary>What the message kinds of rtnetlink share.</summary>
/// <remarks>linux/rtnetlink.h</remarks>
internal static class RouteMessages
{
    /// <summary>RTM_NEW…: the three that follow are DEL, GET and SET.</summary>
    internal const int NewLink = 16;
    internal const int DeleteLink = 17;
    internal const int GetLink = 18;
    internal const int NewAddress = 20;
    internal const int DeleteAddress = 21;
    internal const int GetAddress = 22;
    internal const int NewRoute = 24;
    internal const int DeleteRoute = 25;
    internal const int GetRoute = 26;
    internal const int NewRule = 32;
    internal const int DeleteRule = 33;
    internal const int GetRule = 34;

    /// <summary>The number of an address family as the kernel has it, which differs from the framework's for IPv6.</summary>
    internal static byte FamilyOf(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Libc.AF_INET,
        AddressFamily.InterNetworkV6 => Libc.AF_INET6,
        AddressFamily.Unspecified => Libc.AF_UNSPEC,
        _ => throw new ArgumentException("Only IPv4 and IPv6 have routes here.", nameof(family)),
    };

    /// <summary>The bytes of an address in network order.</summary>
    internal static ReadOnlySpan<byte> BytesOf(IPAddress address, Span<byte> buffer)
    {
        address.TryWriteBytes(buffer, out int written);
        return buffer[..written];
    }

    /// <summary>An address from an attribute; <see langword="null"/> when its size is of no family.</summary>
    internal static IPAddress? AddressFrom(ReadOnlySpan<byte> value) => value.Length is 4 or 16 ? new IPAddress(value) : null;

    /// <summary>A prefix from an attribute, or the whole family's when the attribute is missing. Bits beyond the length, which a rule may have, are cleared.</summary>
    internal static IPNetwork NetworkFrom(ReadOnlySpan<byte> value, byte family, byte length)
    {
        Span<byte> octets = stackalloc byte[family == Libc.AF_INET ? 4 : 16];
        octets.Clear();
        if (value.Length != octets.Length) return new IPNetwork(new IPAddress(octets), 0);
        int bits = Math.Min(length, octets.Length * 8);
        value[..((bits + 7) / 8)].CopyTo(octets);
        if (bits % 8 != 0) octets[bits / 8] &= (byte)(0xFF << (8 - bits % 8) & 0xFF);
        return new IPNetwork(new IPAddress(octets), bits);
    }

    /// <summary>Splits a message into its fixed part and its attributes.</summary>
    internal static bool TrySplit<T>(ReadOnlySpan<byte> body, out T message, out NetlinkAttributeReader attributes)
        where T : unmanaged
    {
        bool isWhole = MemoryMarshal.TryRead(body, out message);
        attributes = new NetlinkAttributeReader(isWhole ? body[Marshal.SizeOf<T>()..] : []);
        return isWhole;
    }
}
