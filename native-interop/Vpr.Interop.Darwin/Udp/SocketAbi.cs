namespace Vpr.Interop.Darwin;

/// <summary>What the socket calls of a 64-bit system look like: numbers of options and the layout of structures. One form of the code serves all, so that it can run where the tests do.</summary>
internal sealed record SocketAbi
{
    /// <summary>macOS.</summary>
    /// <remarks>sys/socket.h, netinet/in.h, netinet6/in6.h with __APPLE_USE_RFC_3542</remarks>
    internal static SocketAbi MacOS { get; } = new()
    {
        HasLengthByte = true,
        Ipv6Family = 30,
        SocketLevel = 0xFFFF,
        ReusePort = 0x200,
        SendBuffer = 0x1001,
        ReceiveBuffer = 0x1002,
        Truncated = 0x10,
        FlagsOffset = 44,
        ControlLengthSize = 4,
        ControlAlignment = 4,
        Ipv4PacketInfo = 26,
        Ipv4ReceiveTos = 27,
        Ipv4TosReceived = 27,
        Ipv4Tos = 3,
        Ipv4DontFragment = (28, 1),
        Ipv6Only = 27,
        Ipv6ReceivePacketInfo = 61,
        Ipv6PacketInfo = 46,
        Ipv6ReceiveTrafficClass = 35,
        Ipv6TrafficClass = 36,
        Ipv6DontFragment = (62, 1),
    };

    /// <summary>Whether a socket address begins with its length, the family being one byte then.</summary>
    internal required bool HasLengthByte { get; init; }

    /// <summary>AF_INET6. AF_INET is 2 everywhere.</summary>
    internal required int Ipv6Family { get; init; }

    /// <summary>SOL_SOCKET.</summary>
    internal required int SocketLevel { get; init; }

    /// <summary>SO_REUSEPORT.</summary>
    internal required int ReusePort { get; init; }

    /// <summary>SO_SNDBUF.</summary>
    internal required int SendBuffer { get; init; }

    /// <summary>SO_RCVBUF.</summary>
    internal required int ReceiveBuffer { get; init; }

    /// <summary>MSG_TRUNC.</summary>
    internal required int Truncated { get; init; }

    /// <summary>Where msg_flags lies in struct msghdr; what is in front of it lies at the same offsets everywhere.</summary>
    internal required int FlagsOffset { get; init; }

    /// <summary>Bytes of cmsg_len, which level and type of four bytes each follow.</summary>
    internal required int ControlLengthSize { get; init; }

    /// <summary>What the data of a control message, and the next one, are aligned to.</summary>
    internal required int ControlAlignment { get; init; }

    /// <summary>IP_PKTINFO: the option and the control message.</summary>
    internal required int Ipv4PacketInfo { get; init; }

    /// <summary>IP_RECVTOS.</summary>
    internal required int Ipv4ReceiveTos { get; init; }

    /// <summary>The control message that a received type of service comes in.</summary>
    internal required int Ipv4TosReceived { get; init; }

    /// <summary>IP_TOS.</summary>
    internal required int Ipv4Tos { get; init; }

    /// <summary>The option and the value that forbid fragments.</summary>
    internal required (int Option, int Value) Ipv4DontFragment { get; init; }

    /// <summary>IPV6_V6ONLY.</summary>
    internal required int Ipv6Only { get; init; }

    /// <summary>IPV6_RECVPKTINFO.</summary>
    internal required int Ipv6ReceivePacketInfo { get; init; }

    /// <summary>IPV6_PKTINFO.</summary>
    internal required int Ipv6PacketInfo { get; init; }

    /// <summary>IPV6_RECVTCLASS.</summary>
    internal required int Ipv6ReceiveTrafficClass { get; init; }

    /// <summary>IPV6_TCLASS.</summary>
    internal required int Ipv6TrafficClass { get; init; }

    /// <summary>The option and the value that forbid fragments.</summary>
    internal required (int Option, int Value) Ipv6DontFragment { get; init; }

    /// <summary>The interface of this system.</summary>
    /// <exception cref="PlatformNotSupportedException">It is not known here.</exception>
    internal static SocketAbi OfThisSystem() =>
        OperatingSystem.IsMacOS() ? MacOS : throw new PlatformNotSupportedException("This socket is for macOS.");
}
