namespace Vpr.Interop.Darwin.Tests;

/// <summary>Linux in the place of macOS, so that the socket's code meets a kernel: asm-generic/socket.h, linux/in.h, linux/in6.h.</summary>
internal static class LinuxAbi
{
    internal static SocketAbi Instance { get; } = new()
    {
        HasLengthByte = false,
        Ipv6Family = 10,
        SocketLevel = 1,
        ReusePort = 15,
        SendBuffer = 7,
        ReceiveBuffer = 8,
        Truncated = 0x20,
        FlagsOffset = 48,
        ControlLengthSize = 8,
        ControlAlignment = 8,
        Ipv4PacketInfo = 8,
        Ipv4ReceiveTos = 13,
        Ipv4TosReceived = 1,
        Ipv4Tos = 1,
        // IP_MTU_DISCOVER, IP_PMTUDISC_PROBE
        Ipv4DontFragment = (10, 3),
        Ipv6Only = 26,
        Ipv6ReceivePacketInfo = 49,
        Ipv6PacketInfo = 50,
        Ipv6ReceiveTrafficClass = 66,
        Ipv6TrafficClass = 67,
        Ipv6DontFragment = (23, 3),
    };
}
