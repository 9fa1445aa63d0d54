using Vpr.Interop.Linux;
using Vpr.Io;

namespace Vpr.Perf.Lab.Load;

/// <summary>Counts the datagrams of each trial and answers how many there were.</summary>
internal static class UdpSink
{
    /// <summary>What it says when it counts.</summary>
    public const string ReadyText = "sink is ready";

    private const int BatchSize = 256;
    private const int SlotSize = 2048;
    private const int SocketBuffer = 16 << 20;

    /// <summary>Runs until it is killed.</summary>
    public static void Run(UdpEndpoint local)
    {
        using UdpDatagramSocket socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = local, BufferSize = SocketBuffer, BatchSize = BatchSize });
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        LoopSource<IDatagramSocket> source = poller.Add(socket);
        var received = new PacketBatch(BatchSize, SlotSize, 0);
        var answers = new PacketBatch(1, SlotSize, 0);
        uint current = 0;
        ulong count = 0;
        Console.WriteLine(ReadyText);
        while (true)
        {
            poller.Wait(Instant.Never);
            received.Clear();
            source.Device.Receive(received);
            for (int i = 0; i < received.Count; i++)
            {
                if (!UdpProbePacket.TryRead(received.Packet(i), out UdpProbeKind kind, out uint trial, out _)) continue;
                if (trial != current)
                {
                    // A late packet of the trial before is of no use to the present one.
                    if (trial < current) continue;
                    (current, count) = (trial, 0);
                }

                if (kind == UdpProbeKind.Load) count++;
                else Answer(source.Device, answers, received[i].Path, trial, count);
            }
        }
    }

    private static void Answer(IDatagramSocket socket, PacketBatch batch, in DatagramPath path, uint trial, ulong count)
    {
        batch.Clear();
        int index = batch.Add();
        batch[index].Length = UdpProbePacket.MinimumSize;
        batch[index].Path = path;
        UdpProbePacket.Write(batch.Packet(index), UdpProbeKind.Answer, trial, count);
        socket.Send(batch, 0);
    }
}
