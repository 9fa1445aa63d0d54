using Vpr.Io;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>Sockets that share a port: the kernel's choice among them is the connection ID's, whoever sends.</summary>
public sealed class ReusePortTests
{
    private const int Senders = 3;

    [NetworkTheory]
    [InlineData(2, "127.0.0.1:0", "127.0.0.1", false)]
    [InlineData(3, "[::1]:0", "[::1]", false)]
    [InlineData(4, "[::]:0", "127.0.0.1", false)]
    [InlineData(4, "[::]:0", "[::1]", true)]
    public void A_packet_comes_to_the_socket_of_its_connection_id_from_any_port(int count, string listen, string host, bool offload) => NetworkNamespace.Run(() =>
    {
        UdpDatagramSocket[] group = UdpDatagramSocket.BindGroup(new UdpSocketOptions { LocalEndpoint = Endpoint(listen), ReceiveOffload = offload }, count);
        UdpDatagramSocket[] senders = [.. Enumerable.Range(0, Senders).Select(_ => UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint($"{host}:0") }))];
        try
        {
            Assert.Single(group.Select(socket => socket.LocalEndpoint).Distinct());
            UdpEndpoint target = Endpoint($"{host}:{group[0].LocalEndpoint.Port}");
            foreach (UdpDatagramSocket sender in senders)
            {
                for (int first = 0; first < 256; first++)
                {
                    AssertComesTo(first % count, sender, target, group, [0x40, (byte)first, 1, 2, 3, 4, 5, 6, 7, .. new byte[20]]);
                    foreach (byte length in (byte[])[1, 8, 20, 255])
                        AssertComesTo(first % count, sender, target, group, [0xC0, 0, 0, 0, 1, length, (byte)first, .. new byte[300]]);
                }
            }
        }
        finally
        {
            foreach (UdpDatagramSocket socket in (UdpDatagramSocket[])[.. group, .. senders]) socket.Dispose();
        }
    });

    [NetworkFact]
    public void What_holds_no_connection_id_comes_to_the_first_socket() => NetworkNamespace.Run(() =>
    {
        UdpDatagramSocket[] group = UdpDatagramSocket.BindGroup(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0") }, 4);
        using UdpDatagramSocket sender = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0") });
        try
        {
            UdpEndpoint target = Endpoint($"127.0.0.1:{group[0].LocalEndpoint.Port}");
            foreach (byte[] datagram in (byte[][])[[0x40], [0xFF], [0xC3, 1, 1, 1], [0xC3, 0, 0, 0, 1], [0xC3, 0, 0, 0, 1, 1], [0xC3, 0, 0, 0, 1, 0, 3, 3, 3]])
                AssertComesTo(0, sender, target, group, datagram);
        }
        finally
        {
            foreach (UdpDatagramSocket socket in group) socket.Dispose();
        }
    });

    [NetworkFact]
    public void A_run_that_is_sent_as_one_comes_whole_to_the_socket_of_its_connection_id() => NetworkNamespace.Run(() =>
    {
        const int Size = 1000, Segments = 20;
        UdpDatagramSocket[] group = UdpDatagramSocket.BindGroup(new UdpSocketOptions { LocalEndpoint = Endpoint("[::]:0"), ReceiveOffload = true }, 3);
        using UdpDatagramSocket sender = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0") });
        try
        {
            UdpEndpoint target = Endpoint($"127.0.0.1:{group[0].LocalEndpoint.Port}");
            for (byte first = 0; first < 6; first++)
            {
                byte[] run = new byte[Size * Segments];
                for (int at = 0; at < run.Length; at += Size) (run[at], run[at + 1]) = (0x40, first);
                PacketBatch outgoing = Create(1, run.Length).Append(run, new DatagramPath(default, target));
                outgoing[0].SegmentSize = Size;
                Assert.Equal(1, sender.Send(outgoing, 0));

                PacketBatch incoming = Create(Segments, ushort.MaxValue);
                int bytes = 0;
                group[first % 3].ReceiveAll(incoming, 1);
                for (int i = 0; i < incoming.Count; i++) bytes += incoming[i].Length;
                Assert.Equal(run.Length, bytes);
                foreach (UdpDatagramSocket other in group) Assert.Equal(0, other.Receive(Create(1, ushort.MaxValue)));
            }
        }
        finally
        {
            foreach (UdpDatagramSocket socket in group) socket.Dispose();
        }
    });

    [NetworkFact]
    public void Two_groups_do_not_mix() => NetworkNamespace.Run(() =>
    {
        var options = new UdpSocketOptions { LocalEndpoint = Endpoint("[::]:4433") };
        UdpDatagramSocket[] group = UdpDatagramSocket.BindGroup(options, 2);
        Assert.Equal(LinuxErrorCode.EADDRINUSE, Assert.Throws<LinuxException>(() => UdpDatagramSocket.BindGroup(options, 2)).Code);
        foreach (UdpDatagramSocket socket in group) socket.Dispose();
        foreach (UdpDatagramSocket socket in UdpDatagramSocket.BindGroup(options, 2)) socket.Dispose();
    });

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void A_group_has_as_many_sockets_as_a_byte_has_remainders(int count) => Assert.Throws<ArgumentOutOfRangeException>(() =>
        UdpDatagramSocket.BindGroup(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0") }, count));

    private static void AssertComesTo(int index, UdpDatagramSocket sender, UdpEndpoint target, UdpDatagramSocket[] group, byte[] datagram)
    {
        Assert.Equal(1, sender.Send(Create(1, datagram.Length).Append(datagram, new DatagramPath(default, target)), 0));
        PacketBatch incoming = Create(1, ushort.MaxValue);
        // Loopback delivers within the call, but for a machine that is busy.
        int found = Array.FindIndex(group, socket => socket.Receive(incoming) == 1);
        if (found < 0) group[found = index].ReceiveAll(incoming, 1);
        Assert.True(found == index, $"{Convert.ToHexString(datagram.AsSpan(0, Math.Min(8, datagram.Length)))} came to socket {found}, not {index}");
        Assert.Equal(datagram, incoming.Packet(0).ToArray());
    }
}
