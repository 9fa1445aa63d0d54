using System.Net;
using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

/// <summary>Batches as tests fill and read them.</summary>
internal static class Batches
{
    internal const int Headroom = 64;

    internal static PacketBatch Create(int capacity = 16, int size = 2048) => new(capacity, size + Headroom, Headroom);

    internal static PacketBatch Append(this PacketBatch batch, ReadOnlySpan<byte> packet, DatagramPath path = default, EcnCodepoint ecn = default)
    {
        int index = batch.Add();
        Assert.NotEqual(-1, index);
        packet.CopyTo(batch.Slot(index)[batch.Headroom..]);
        batch[index].Length = packet.Length;
        batch[index].Path = path;
        batch[index].Ecn = ecn;
        return batch;
    }

    internal static UdpEndpoint Endpoint(string text) => UdpEndpoint.From(IPEndPoint.Parse(text));

    /// <summary>Receives until <paramref name="count"/> datagrams have come: loopback delivers on its own schedule when the machine is busy.</summary>
    internal static void ReceiveAll(this UdpDatagramSocket socket, PacketBatch batch, int count)
    {
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        poller.Add(socket);
        Instant deadline = MonotonicClock.Now + TimeSpan.FromSeconds(10);
        int got = socket.Receive(batch);
        while (got < count && MonotonicClock.Now < deadline)
        {
            poller.Wait(deadline);
            got += socket.Receive(batch);
        }

        Assert.Equal(count, got);
    }
}
