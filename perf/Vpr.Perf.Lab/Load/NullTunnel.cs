using Vpr.Interop.Linux;
using Vpr.Io;

namespace Vpr.Perf.Lab.Load;

/// <summary>How a null tunnel moves packets.</summary>
internal enum NullTunnelMode
{
    /// <summary>One system call for each packet on the TUN queue, one for each batch on the socket; no offload.</summary>
    Plain,
}

/// <summary>One end of a tunnel that does nothing: each packet of a TUN queue becomes the payload of a UDP datagram, and back. One thread, one epoll.</summary>
internal static class NullTunnel
{
    /// <summary>What it says when packets pass.</summary>
    public const string ReadyText = "null tunnel is ready";

    private const int BatchSize = 64;
    private const int SlotSize = 2048;
    private const int SocketBuffer = 4 << 20;

    /// <summary>The peer's name.</summary>
    public static string PeerName(NullTunnelMode mode) => "null";

    /// <summary>The mode's name on the hidden subcommand's command line.</summary>
    public static string ModeName(NullTunnelMode mode) => "plain";

    /// <summary>What the mode is, in one line of a report.</summary>
    public static string Describe(NullTunnelMode mode) => "TUN to UDP by this program, packet by packet, no crypto, no protocol";

    /// <summary>The mode of a name.</summary>
    /// <exception cref="BenchException">There is none.</exception>
    public static NullTunnelMode ParseMode(string name) => Enum.GetValues<NullTunnelMode>().Cast<NullTunnelMode?>().FirstOrDefault(mode => ModeName(mode!.Value) == name)
        ?? throw new BenchException($"There is no null tunnel \"{name}\".");

    /// <summary>Runs until it is killed.</summary>
    /// <param name="mode">How packets are moved.</param>
    /// <param name="device">The interface's name.</param>
    /// <param name="mtu">The interface's MTU, bytes.</param>
    /// <param name="local">Where datagrams arrive.</param>
    /// <param name="remote">Where they go.</param>
    public static void Run(NullTunnelMode mode, string device, int mtu, UdpEndpoint local, UdpEndpoint remote)
    {
        using TunDevice tun = TunDevice.Open(new TunOptions { Name = device, Mtu = mtu });
        using UdpDatagramSocket socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = local, BufferSize = SocketBuffer, BatchSize = BatchSize });
        using LoopPoller poller = LoopPoller.Open(IoBackend.Epoll);
        LoopSource<IPacketDevice> packets = poller.Add(tun);
        LoopSource<IDatagramSocket> datagrams = poller.Add(socket);
        var batch = new PacketBatch(BatchSize, SlotSize, 0);
        var path = new DatagramPath(default, remote);
        Console.WriteLine(ReadyText);
        while (true)
        {
            poller.Wait(Instant.Never);
            if (packets.IsReadable)
            {
                batch.Clear();
                packets.Device.Read(batch);
                for (int i = 0; i < batch.Count; i++) batch[i].Path = path;
                // What the socket's buffer does not take is lost, as in any network.
                datagrams.Device.Send(batch, 0);
            }

            if (datagrams.IsReadable)
            {
                batch.Clear();
                datagrams.Device.Receive(batch);
                packets.Device.Write(batch);
            }
        }
    }
}
