using System.Net;
using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>The socket over loopback, with Linux's numbers in macOS's place where this is Linux.</summary>
public sealed class DarwinDatagramSocketTests
{
    private static SocketAbi Abi => OperatingSystem.IsLinux() ? LinuxAbi.Instance : SocketAbi.MacOS;

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public void Datagrams_arrive_with_path_and_ECN_bits(string address)
    {
        using DarwinDatagramSocket left = Bind(address), right = Bind(address);
        PacketBatch outgoing = Create(8), incoming = Create(8);
        for (int i = 0; i < 4; i++) Append(outgoing, [(byte)i, 1, 2], new DatagramPath(default, right.LocalEndpoint), (EcnCodepoint)i);
        Assert.Equal(0, right.Receive(incoming));
        Assert.Equal(4, left.Send(outgoing, 0));
        ReceiveAll(right, incoming, 4);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal([(byte)i, 1, 2], incoming.Packet(i).ToArray());
            Assert.Equal((EcnCodepoint)i, incoming[i].Ecn);
            Assert.Equal(new DatagramPath(right.LocalEndpoint, left.LocalEndpoint), incoming[i].Path);
        }

        Assert.Equal(default, left.Counters);
        Assert.Equal(default, right.Counters);
    }

    [Theory]
    [InlineData("0.0.0.0:0", "127.0.0.1:0", "127.0.0.2")]
    [InlineData("[::]:0", "[::1]:0", "::1")]
    public void A_socket_for_every_address_knows_which_one_a_datagram_came_to_and_answers_from_it(string wildcard, string near, string address)
    {
        // Without being told, the kernel would answer from 127.0.0.1. macOS has that one alone.
        if (!OperatingSystem.IsLinux()) address = IPEndPoint.Parse(near).Address.ToString();
        using DarwinDatagramSocket server = Bind(wildcard), client = Bind(near);
        UdpEndpoint reached = UdpEndpoint.From(new IPEndPoint(IPAddress.Parse(address), server.LocalEndpoint.Port));
        PacketBatch batch = Create(4);
        Append(batch, [1], new DatagramPath(default, reached), EcnCodepoint.NotEct);
        client.Send(batch, 0);
        batch.Clear();
        ReceiveAll(server, batch, 1);
        Assert.Equal(new DatagramPath(reached, client.LocalEndpoint), batch[0].Path);
        Assert.Equal(1, server.Send(batch, 0));
        batch.Clear();
        ReceiveAll(client, batch, 1);
        Assert.Equal(reached, batch[0].Path.Remote);
    }

    [Fact]
    public void A_run_is_cut_into_its_datagrams()
    {
        using DarwinDatagramSocket left = Bind("127.0.0.1:0"), right = Bind("127.0.0.1:0");
        PacketBatch outgoing = Create(2), incoming = Create(8);
        Append(outgoing, [1, 2, 3, 4, 5], new DatagramPath(default, right.LocalEndpoint), EcnCodepoint.Ect0);
        outgoing[0].SegmentSize = 2;
        Assert.Equal(1, left.Send(outgoing, 0));
        ReceiveAll(right, incoming, 3);
        Assert.Equal([[1, 2], [3, 4], [5]], Enumerable.Range(0, 3).Select(i => incoming.Packet(i).ToArray()));
        Assert.Equal(5, outgoing[0].Length);
    }

    [Fact]
    public void What_is_longer_than_a_slot_is_dropped_and_counted()
    {
        using DarwinDatagramSocket left = Bind("127.0.0.1:0"), right = Bind("127.0.0.1:0");
        PacketBatch outgoing = Create(2), incoming = new(4, 100, 10);
        Append(outgoing, new byte[91], new DatagramPath(default, right.LocalEndpoint), EcnCodepoint.NotEct);
        Append(outgoing, new byte[90], new DatagramPath(default, right.LocalEndpoint), EcnCodepoint.NotEct);
        Assert.Equal(2, left.Send(outgoing, 0));
        ReceiveAll(right, incoming, 1);
        Assert.Equal(90, incoming[0].Length);
        Assert.Equal(1, right.Counters.Truncated);
    }

    [Fact]
    public void What_cannot_go_is_dropped_and_counted_by_its_reason()
    {
        using DarwinDatagramSocket socket = Bind("127.0.0.1:0"), other = Bind("127.0.0.1:0");
        PacketBatch batch = new(4, 70_000, 0);
        Append(batch, new byte[65_508], new DatagramPath(default, other.LocalEndpoint), EcnCodepoint.NotEct);
        Append(batch, [1], new DatagramPath(default, UdpEndpoint.From(IPEndPoint.Parse("[::1]:9"))), EcnCodepoint.NotEct);
        Append(batch, [2], new DatagramPath(default, other.LocalEndpoint), EcnCodepoint.NotEct);
        Assert.Equal(3, socket.Send(batch, 0));
        Assert.Equal(new UdpCounters(0, 0, TooLong: 1, Unreachable: 1, 0), socket.Counters);
        batch.Clear();
        ReceiveAll(other, batch, 1);
        Assert.Equal([2], batch.Packet(0).ToArray());
    }

    [Fact]
    public void A_port_in_use_says_so()
    {
        using DarwinDatagramSocket first = Bind("127.0.0.1:0");
        DarwinException refused = Assert.Throws<DarwinException>(() => Bind(first.LocalEndpoint.ToString()));
        Assert.Equal(ErrorNumber.EADDRINUSE, refused.Error);
        Assert.Contains("Another process uses this UDP port", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_waits_for_it_and_nothing_is_allocated()
    {
        using DarwinDatagramSocket left = Bind("127.0.0.1:0"), right = Bind("127.0.0.1:0");
        using KqueuePoller poller = new(new EmulatedKernelQueue(KeventLayout.MacOS), KeventLayout.MacOS);
        LoopSource<IDatagramSocket> source = poller.Add(right);
        Assert.Equal(0, poller.Wait(poller.Now));
        PacketBatch outgoing = Create(4), incoming = Create(16);
        for (int i = 0; i < 4; i++) Append(outgoing, new byte[1200], new DatagramPath(default, right.LocalEndpoint), EcnCodepoint.Ect0);
        int moved = 0;
        Allocations.AssertNone(Run);
        Assert.True(moved >= 200);

        void Run()
        {
            moved = 0;
            for (int i = 0; i < 100; i++)
            {
                left.Send(outgoing, 0);
                poller.Wait(Instant.Never);
                incoming.Clear();
                if (source.IsReadable) moved += source.Device.Receive(incoming);
            }
        }
    }

    private static DarwinDatagramSocket Bind(string address) =>
        DarwinDatagramSocket.Bind(new DarwinSocketOptions { LocalEndpoint = UdpEndpoint.From(IPEndPoint.Parse(address)) }, Abi);

    /// <summary>Loopback delivers on its own schedule when the machine is busy.</summary>
    private static void ReceiveAll(DarwinDatagramSocket socket, PacketBatch batch, int count)
    {
        using KqueuePoller poller = new(new EmulatedKernelQueue(KeventLayout.MacOS), KeventLayout.MacOS);
        poller.Add(socket);
        Instant deadline = poller.Now + TimeSpan.FromSeconds(10);
        int got = socket.Receive(batch);
        while (got < count && poller.Wait(deadline) > 0) got += socket.Receive(batch);
        Assert.Equal(count, got);
    }

    private static PacketBatch Create(int capacity) => new(capacity, 2048, 0);

    private static void Append(PacketBatch batch, ReadOnlySpan<byte> packet, in DatagramPath path, EcnCodepoint ecn)
    {
        int index = batch.Add();
        packet.CopyTo(batch.Slot(index)[batch.Headroom..]);
        batch[index].Length = packet.Length;
        batch[index].Path = path;
        batch[index].Ecn = ecn;
    }
}
