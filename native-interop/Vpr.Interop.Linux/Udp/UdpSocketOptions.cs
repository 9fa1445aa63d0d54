using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>How a UDP socket is made.</summary>
public sealed record UdpSocketOptions
{
    /// <summary>The address and port to bind; port 0 lets the kernel choose. An IPv4 address makes an IPv4 socket.</summary>
    public required UdpEndpoint LocalEndpoint { get; init; }

    /// <summary>Whether a socket bound to the unspecified IPv6 address carries IPv4 as well, in IPv4-mapped form. On a kernel without IPv6 bind 0.0.0.0 instead.</summary>
    public bool DualStack { get; init; } = true;

    /// <summary>SO_REUSEPORT: whether other sockets of this kind may share the port; see <see cref="UdpDatagramSocket.BindGroup"/>.</summary>
    internal bool ReusePort { get; init; }

    /// <summary>SO_MARK: the firewall mark of every datagram sent, by which a rule keeps the tunnel's own traffic out of the tunnel; 0 sets none. Needs CAP_NET_ADMIN.</summary>
    public uint Mark { get; init; }

    /// <summary>Bytes the kernel may queue for this socket in each direction; 0 leaves the system's default. With CAP_NET_ADMIN the system's limit is exceeded when it is lower.</summary>
    public int BufferSize { get; init; }

    /// <summary>Datagrams a system call moves at most, 1 to 1024 (UIO_MAXIOV).</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>UDP_SEGMENT: whether runs of datagrams go as one where the kernel can (Linux 4.18). It concerns only slots whose <see cref="PacketSlot.SegmentSize"/> is set.</summary>
    public bool SegmentationOffload { get; init; } = true;

    /// <summary>UDP_GRO: whether runs of datagrams are received as one where the kernel can (Linux 5.0). The batches to receive into then need slots for 65,535 bytes.</summary>
    public bool ReceiveOffload { get; init; }
}
