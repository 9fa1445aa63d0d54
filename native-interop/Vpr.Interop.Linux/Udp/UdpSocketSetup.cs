using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Makes a UDP socket and sets every option before it is bound.</summary>
/// <remarks>socket(7), ip(7), ipv6(7), udp(7)</remarks>
internal static class UdpSocketSetup
{
    /// <summary>Opens, configures and binds.</summary>
    /// <exception cref="LinuxException">A step failed.</exception>
    internal static SafeDescriptor Open(UdpSocketOptions options, out int family, out UdpEndpoint local, out DatagramOffloads offloads)
    {
        family = options.LocalEndpoint.IsIpv4 ? Libc.AF_INET : Libc.AF_INET6;
        SafeDescriptor descriptor = SafeDescriptor.Own(
            Libc.socket(family, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, Libc.IPPROTO_UDP),
            family == Libc.AF_INET ? "socket AF_INET" : "socket AF_INET6",
            family == Libc.AF_INET6 ? "IPv6 is off on this host; bind an IPv4 address" : null);
        try
        {
            Configure(descriptor, family, options);
            offloads = Probe(descriptor, options);
            Bind(descriptor, family, options.LocalEndpoint);
            local = GetLocalEndpoint(descriptor);
            return descriptor;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Whether the endpoint is :: or 0.0.0.0, or no endpoint at all.</summary>
    internal static bool IsUnspecified(in UdpEndpoint endpoint) =>
        endpoint.Address == UInt128.Zero || (endpoint.IsIpv4 && unchecked((uint)endpoint.Address) == 0);

    private static void Configure(SafeDescriptor descriptor, int family, UdpSocketOptions options)
    {
        if (options.ReusePort) Set(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1, "setsockopt SO_REUSEPORT");
        if (options.Mark != 0)
        {
            Set(descriptor, Libc.SOL_SOCKET, Libc.SO_MARK, unchecked((int)options.Mark), "setsockopt SO_MARK",
                "A firewall mark needs the capability CAP_NET_ADMIN; run as root");
        }

        if (options.BufferSize > 0)
        {
            SetBuffer(descriptor, Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, options.BufferSize);
            SetBuffer(descriptor, Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF, options.BufferSize);
        }

        bool isWildcard = IsUnspecified(options.LocalEndpoint);
        bool carriesIpv4 = family == Libc.AF_INET || (options.DualStack && isWildcard);
        if (carriesIpv4)
        {
            Set(descriptor, Libc.SOL_IP, Libc.IP_RECVTOS, 1, "setsockopt IP_RECVTOS");
            Set(descriptor, Libc.SOL_IP, Libc.IP_MTU_DISCOVER, Libc.IP_PMTUDISC_PROBE, "setsockopt IP_MTU_DISCOVER");
            if (family == Libc.AF_INET && isWildcard) Set(descriptor, Libc.SOL_IP, Libc.IP_PKTINFO, 1, "setsockopt IP_PKTINFO");
        }

        if (family == Libc.AF_INET6)
        {
            Set(descriptor, Libc.SOL_IPV6, Libc.IPV6_V6ONLY, carriesIpv4 ? 0 : 1, "setsockopt IPV6_V6ONLY");
            Set(descriptor, Libc.SOL_IPV6, Libc.IPV6_RECVTCLASS, 1, "setsockopt IPV6_RECVTCLASS");
            Set(descriptor, Libc.SOL_IPV6, Libc.IPV6_MTU_DISCOVER, Libc.IPV6_PMTUDISC_PROBE, "setsockopt IPV6_MTU_DISCOVER");
            if (isWildcard) Set(descriptor, Libc.SOL_IPV6, Libc.IPV6_RECVPKTINFO, 1, "setsockopt IPV6_RECVPKTINFO");
        }
    }

    /// <summary>Switches on what the kernel has of the offloads wanted.</summary>
    private static DatagramOffloads Probe(SafeDescriptor descriptor, UdpSocketOptions options)
    {
        DatagramOffloads offloads = DatagramOffloads.None;
        // A segment size of 0 changes nothing, but a kernel without the option does not know it; and would send a run as one datagram.
        if (options.SegmentationOffload && TrySet(descriptor, Libc.UDP_SEGMENT, 0)) offloads |= DatagramOffloads.Segmentation;
        if (options.ReceiveOffload && TrySet(descriptor, Libc.UDP_GRO, 1)) offloads |= DatagramOffloads.Receive;
        return offloads;
    }

    private static void Bind(SafeDescriptor descriptor, int family, in UdpEndpoint endpoint)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
        int length = SocketAddress.Write(address, endpoint, family);
        if (Libc.bind(descriptor, address, (uint)length) == 0) return;

        LinuxErrorCode error = Libc.LastError;
        string? hint = error switch
        {
            LinuxErrorCode.EADDRINUSE => "Another process uses this UDP port; stop it or choose another port",
            LinuxErrorCode.EADDRNOTAVAIL => "This host does not have the address",
            LinuxErrorCode.EACCES => "Ports below 1024 need root, or the capability CAP_NET_BIND_SERVICE",
            _ => null,
        };
        throw new LinuxException($"bind UDP {endpoint}", error, hint);
    }

    private static UdpEndpoint GetLocalEndpoint(SafeDescriptor descriptor)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
        uint length = (uint)address.Length;
        if (Libc.getsockname(descriptor, address, ref length) < 0 || !SocketAddress.TryRead(address[..(int)length], out UdpEndpoint endpoint))
            throw LinuxException.Because(Libc.LastError, "getsockname");
        return endpoint;
    }

    private static void SetBuffer(SafeDescriptor descriptor, int forced, int ordinary, int bytes)
    {
        // Beyond net.core.rmem_max only with CAP_NET_ADMIN; without it the kernel cuts the value, which is a loss of speed and no failure.
        if (Libc.setsockopt(descriptor, Libc.SOL_SOCKET, forced, in bytes, sizeof(int)) < 0)
            Set(descriptor, Libc.SOL_SOCKET, ordinary, bytes, "setsockopt buffer size");
    }

    private static bool TrySet(SafeDescriptor descriptor, int option, int value) =>
        Libc.setsockopt(descriptor, Libc.IPPROTO_UDP, option, in value, sizeof(int)) == 0;

    private static void Set(SafeDescriptor descriptor, int level, int name, int value, string call, string? hint = null)
    {
        if (Libc.setsockopt(descriptor, level, name, in value, sizeof(int)) < 0) throw LinuxException.Because(Libc.LastError, call, hint);
    }
}
