using Vpr.Interop.Linux;
using Vpr.Io;

namespace Vpr.Perf.Lab.Load;

/// <summary>How a null tunnel moves packets.</summary>
internal enum NullTunnelMode
{
    /// <summary>One system call for each packet on the TUN queue, one for each batch on the socket; no offload.</summary>
    Plain,

    /// <summary>Super-packets on the TUN queue, runs of datagrams on the socket.</summary>
    Offloaded,
}

/// <summary>One end of a tunnel that does nothing: each packet of a TUN queue becomes the payload of a UDP datagram, and back. One thread, one epoll.</summary>
internal abstract class NullTunnel : IDisposable
{
    /// <summary>What it says when packets pass.</summary>
    public const string ReadyText = "null tunnel is ready";

    private const int SocketBuffer = 4 << 20;

    private readonly TunDevice _device;
    private readonly UdpDatagramSocket _socket;

    /// <summary>Opens both sides.</summary>
    protected NullTunnel(NullTunnelOptions options, PacketOffloads packets, bool runs)
    {
        Path = new DatagramPath(default, options.Remote);
        _device = TunDevice.Open(new TunOptions { Name = options.Device, Mtu = options.Mtu, Offloads = packets });
        try
        {
            _socket = UdpDatagramSocket.Bind(new UdpSocketOptions
            {
                LocalEndpoint = options.Local,
                BufferSize = SocketBuffer,
                SegmentationOffload = runs,
                ReceiveOffload = runs,
            });
        }
        catch
        {
            _device.Dispose();
            throw;
        }
    }

    /// <summary>Where datagrams go.</summary>
    protected DatagramPath Path { get; }

    /// <summary>The peer's name.</summary>
    public static string PeerName(NullTunnelMode mode) => mode == NullTunnelMode.Offloaded ? "null-offload" : "null";

    /// <summary>What the mode is, in one line of a report.</summary>
    public static string Describe(NullTunnelMode mode) => mode == NullTunnelMode.Offloaded
        ? "TUN to UDP by this program with segmentation offloads on both, no crypto, no protocol"
        : "TUN to UDP by this program, packet by packet, no crypto, no protocol";

    /// <summary>Runs until it is killed.</summary>
    public static void Run(NullTunnelMode mode, NullTunnelOptions options)
    {
        using NullTunnel tunnel = mode == NullTunnelMode.Offloaded ? new OffloadedNullTunnel(options) : new PlainNullTunnel(options);
        tunnel.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _device.Dispose();
    }

    /// <summary>Takes what waits on the TUN queue and sends it.</summary>
    protected abstract void Send(IPacketDevice device, IDatagramSocket socket);

    /// <summary>Takes what waits on the socket and writes it to the TUN queue.</summary>
    protected abstract void Receive(IDatagramSocket socket, IPacketDevice device);

    private void Run()
    {
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        LoopSource<IPacketDevice> device = poller.Add(_device);
        LoopSource<IDatagramSocket> socket = poller.Add(_socket);
        Console.WriteLine(ReadyText);
        while (true)
        {
            poller.Wait(Instant.Never);
            if (device.IsReadable) Send(device.Device, socket.Device);
            if (socket.IsReadable) Receive(socket.Device, device.Device);
        }
    }
}

/// <summary>What an end of a null tunnel joins.</summary>
/// <param name="Device">The interface's name.</param>
/// <param name="Mtu">The interface's MTU, bytes.</param>
/// <param name="Local">Where datagrams arrive.</param>
/// <param name="Remote">Where they go.</param>
internal sealed record NullTunnelOptions(string Device, int Mtu, UdpEndpoint Local, UdpEndpoint Remote);
