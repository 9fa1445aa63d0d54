using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>How a UDP socket is made on macOS.</summary>
public sealed record DarwinSocketOptions
{
    /// <summary>The address and port to bind; port 0 lets the kernel choose. The socket carries the address's family alone: macOS takes options for the other one only in part.</summary>
    public required UdpEndpoint LocalEndpoint { get; init; }

    /// <summary>SO_REUSEPORT: several sockets share the port.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Bytes the kernel may queue for this socket in each direction; 0 leaves the system's default, and kern.ipc.maxsockbuf is the limit.</summary>
    public int BufferSize { get; init; }
}
