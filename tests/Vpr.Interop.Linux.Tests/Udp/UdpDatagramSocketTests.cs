using System.Net;
using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

public sealed class UdpDatagramSocketTests
{
    [NetworkTheory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("[::]:0", "127.0.0.1:0")]
    [InlineData("127.0.0.1:0", "[::]:0")]
    [InlineData("0.0.0.0:0", "127.0.0.1:0")]
    [InlineData("[::]:0", "[::1]:0")]
    public void A_batch_arrives_whole_in_order_with_its_path(string from, string to) => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind(from), receiver = Bind(to);
        bool isIpv4 = from.Contains('.') || to.Contains('.');
        UdpEndpoint source = At(sender, isIpv4), target = At(receiver, isIpv4);

        PacketBatch outgoing = Create();
        for (int i = 0; i < outgoing.Capacity; i++) outgoing.Append(Payload(i), new DatagramPath(default, target));
        Assert.Equal(outgoing.Capacity, sender.Send(outgoing, 0));

        PacketBatch incoming = Create();
        receiver.ReceiveAll(incoming, outgoing.Capacity);
        for (int i = 0; i < incoming.Count; i++)
        {
            Assert.Equal(Payload(i), incoming.Packet(i).ToArray());
            Assert.Equal(Headroom, incoming[i].Offset);
            Assert.Equal(new DatagramPath(target, source), incoming[i].Path);
            Assert.Equal(EcnCodepoint.NotEct, incoming[i].Ecn);
            Assert.Equal(0, incoming[i].SegmentSize);
        }

        incoming.Clear();
        Assert.Equal(0, receiver.Receive(incoming));
        Assert.Equal(default, receiver.Counters);
        Assert.Equal(default, sender.Counters);
    });

    [NetworkTheory]
    [InlineData("0.0.0.0:0", "127.0.0.7", "127.0.0.1:0")]
    [InlineData("[::]:0", "127.0.0.7", "127.0.0.1:0")]
    [InlineData("[::]:0", "fd00::7", "[::1]:0")]
    public void A_reply_leaves_from_the_address_the_request_came_to(string server, string serverAddress, string client) => NetworkNamespace.Run(() =>
    {
        Tool.Run("ip", "-6 addr add fd00::7/128 dev lo nodad");
        using RouteNetlink netlink = new();
        // The kernel adds the route to a new IPv6 address from a work queue.
        Assert.True(SpinWait.SpinUntil(() => netlink.FindRoute(IPAddress.Parse("fd00::7")) is { Kind: RouteKind.Local }, TimeSpan.FromSeconds(10)));
        using UdpDatagramSocket serving = Bind(server), asking = Bind(client);
        UdpEndpoint known = Endpoint($"{(serverAddress.Contains(':') ? $"[{serverAddress}]" : serverAddress)}:{serving.LocalEndpoint.Port}");

        Assert.Equal(1, asking.Send(Create().Append([1], new DatagramPath(default, known)), 0));
        PacketBatch request = Create();
        serving.ReceiveAll(request, 1);
        Assert.Equal(known, request[0].Path.Local);

        Assert.Equal(1, serving.Send(Create().Append([2], request[0].Path), 0));
        PacketBatch reply = Create();
        asking.ReceiveAll(reply, 1);
        Assert.Equal(known, reply[0].Path.Remote);
    });

    [NetworkTheory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("[::]:0", "127.0.0.1:0")]
    [InlineData("127.0.0.1:0", "[::]:0")]
    public void Each_datagram_keeps_its_ecn_bits(string from, string to) => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind(from), receiver = Bind(to);
        UdpEndpoint target = At(receiver, from.Contains('.') || to.Contains('.'));
        PacketBatch outgoing = Create();
        foreach (EcnCodepoint ecn in Enum.GetValues<EcnCodepoint>()) outgoing.Append([(byte)ecn], new DatagramPath(default, target), ecn);
        Assert.Equal(4, sender.Send(outgoing, 0));

        PacketBatch incoming = Create();
        receiver.ReceiveAll(incoming, 4);
        for (int i = 0; i < 4; i++) Assert.Equal((EcnCodepoint)incoming.Packet(i)[0], incoming[i].Ecn);
    });

    [NetworkFact]
    public void A_datagram_longer_than_a_slot_is_dropped_and_its_neighbours_stay() => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind("127.0.0.1:0"), receiver = Bind("127.0.0.1:0");
        DatagramPath path = new(default, receiver.LocalEndpoint);
        PacketBatch outgoing = Create(size: 4096);
        foreach (int length in new[] { 100, 2000, 101, 2001, 102 }) outgoing.Append(Filled(length), path);
        Assert.Equal(5, sender.Send(outgoing, 0));

        PacketBatch incoming = Create(size: 1500);
        receiver.ReceiveAll(incoming, 3);
        for (int i = 0; i < 3; i++) Assert.Equal(Filled(100 + i), incoming.Packet(i).ToArray());
        Assert.Equal(2, receiver.Counters.Truncated);
    });

    [NetworkFact]
    public void What_can_never_leave_is_taken_and_counted() => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind("[::]:0"), receiver = Bind("127.0.0.1:0");
        Tool.Run("ip", "link set lo mtu 1500");
        DatagramPath reachable = new(default, receiver.LocalEndpoint);
        PacketBatch outgoing = Create(size: 4096)
            .Append(Filled(10), reachable)
            .Append(Filled(1473), reachable) // 1501 bytes of IPv4: never fragmented
            .Append(Filled(1472), reachable)
            .Append(Filled(10), new DatagramPath(default, Endpoint("192.0.2.1:9")))
            .Append(Filled(10), new DatagramPath(default, Endpoint("[2001:db8::1]:9")))
            .Append(Filled(11), reachable);
        Assert.Equal(6, sender.Send(outgoing, 0));

        PacketBatch incoming = Create();
        receiver.ReceiveAll(incoming, 3);
        Assert.Equal([10, 1472, 11], new[] { incoming[0].Length, incoming[1].Length, incoming[2].Length });
        Assert.Equal(1, sender.Counters.TooLong);
        Assert.Equal(2, sender.Counters.Unreachable);
    });

    [NetworkFact]
    public void A_batch_larger_than_one_call_goes_in_several() => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket receiver = Bind("127.0.0.1:0", batchSize: 7), sender = Bind("127.0.0.1:0", batchSize: 5);
        PacketBatch outgoing = Create(capacity: 33);
        for (int i = 0; i < 33; i++) outgoing.Append(Payload(i), new DatagramPath(default, receiver.LocalEndpoint));
        Assert.Equal(30, sender.Send(outgoing, 3));
        PacketBatch incoming = Create(capacity: 20);
        receiver.ReceiveAll(incoming, 20);
        Assert.Equal(0, receiver.Receive(incoming));
        for (int i = 0; i < 20; i++) Assert.Equal(Payload(i + 3), incoming.Packet(i).ToArray());
        incoming.Clear();
        receiver.ReceiveAll(incoming, 10);
    });

    [NetworkFact]
    public void Sockets_may_share_a_port_only_when_all_say_so() => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket first = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:4433"), ReusePort = true });
        using UdpDatagramSocket second = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:4433"), ReusePort = true });
        LinuxException refused = Assert.Throws<LinuxException>(() => Bind("127.0.0.1:4433"));
        Assert.Equal(LinuxErrorCode.EADDRINUSE, refused.Code);
        Assert.Contains("port", refused.Hint, StringComparison.Ordinal);
        Assert.Equal(LinuxErrorCode.EADDRNOTAVAIL, Assert.Throws<LinuxException>(() => Bind("192.0.2.1:0")).Code);
    });

    [NetworkFact("nft")]
    public void The_firewall_mark_is_on_what_leaves() => NetworkNamespace.Run(() =>
    {
        Tool.Run("nft", "add table ip t");
        Tool.Run("nft", "add chain ip t out { type filter hook output priority 0 ; }");
        Tool.Run("nft", "add rule ip t out meta mark 0x1234 udp dport 9 counter drop");
        using UdpDatagramSocket socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0"), Mark = 0x1234 });
        Assert.Equal(1, socket.Send(Create().Append([1], new DatagramPath(default, Endpoint("127.0.0.1:9"))), 0));
        Assert.Contains("packets 1 ", Tool.Run("nft", "list table ip t"), StringComparison.Ordinal);
        // A firewall's drop on the way out is EPERM, and the datagram is gone.
        Assert.Equal(1, socket.Counters.Refused);
    });

    [NetworkFact]
    public void A_steady_exchange_allocates_nothing() => NetworkNamespace.Run(() =>
    {
        using UdpDatagramSocket sender = Bind("[::]:0"), receiver = Bind("[::]:0");
        PacketBatch outgoing = Create(), incoming = Create();
        UdpEndpoint target = At(receiver, isIpv4: false);
        for (int i = 0; i < outgoing.Capacity; i++) outgoing.Append(Filled(1200), new DatagramPath(default, target), EcnCodepoint.Ect0);
        using LoopPoller poller = LinuxPoller.Open(IoBackend.Epoll);
        poller.Add(receiver);
        Allocations.AssertNone(() => Exchange(200));

        void Exchange(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                incoming.Clear();
                int sent = sender.Send(outgoing, 0);
                while (incoming.Count < sent && poller.Wait(MonotonicClock.Now + TimeSpan.FromSeconds(10)) > 0) receiver.Receive(incoming);
                if (sent != outgoing.Capacity || incoming.Count != sent) Assert.Fail($"sent {sent}, received {incoming.Count}");
            }
        }
    });

    private static UdpDatagramSocket Bind(string endpoint, int batchSize = 64) =>
        UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint(endpoint), BatchSize = batchSize });

    /// <summary>Where a socket is reached over loopback.</summary>
    private static UdpEndpoint At(UdpDatagramSocket socket, bool isIpv4) => Endpoint((isIpv4 ? "127.0.0.1:" : "[::1]:") + socket.LocalEndpoint.Port);

    private static byte[] Payload(int index) => Filled(100 + index);

    private static byte[] Filled(int length) => [.. Enumerable.Range(0, length).Select(i => unchecked((byte)(i * 7 + length)))];
}
