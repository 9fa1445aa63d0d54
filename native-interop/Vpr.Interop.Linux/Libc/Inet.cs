namespace Vpr.Interop.Linux;

/// <remarks>netinet/in.h, linux/in.h, linux/in6.h, linux/udp.h: ip(7), ipv6(7), udp(7)</remarks>
internal static partial class Libc
{
    internal const int SOL_IP = 0;
    internal const int IP_TOS = 1;
    internal const int IP_PKTINFO = 8;
    internal const int IP_MTU_DISCOVER = 10;
    internal const int IP_RECVTOS = 13;
    internal const int IP_PMTUDISC_PROBE = 3;

    internal const int SOL_IPV6 = 41;
    internal const int IPV6_MTU_DISCOVER = 23;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_RECVPKTINFO = 49;
    internal const int IPV6_PKTINFO = 50;
    internal const int IPV6_RECVTCLASS = 66;
    internal const int IPV6_TCLASS = 67;
    internal const int IPV6_PMTUDISC_PROBE = 3;

    internal const int IPPROTO_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;
}
