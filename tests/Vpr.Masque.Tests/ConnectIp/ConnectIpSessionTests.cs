using Vpr.Http3;
using Vpr.Testing;
using Vpr.Wire.Noise;

namespace Vpr.Masque.Tests;

public sealed class ConnectIpSessionTests
{
    private static readonly IpPrefix AnyV4 = IpPrefix.Single(IpAddress.Unspecified(IpVersion.V4));
    private static readonly IpPrefix AnyV6 = IpPrefix.Single(IpAddress.Unspecified(IpVersion.V6));

    private readonly Recorder _clientLog = new();
    private readonly Recorder _serverLog = new();
    private readonly AddressPool _pool = AddressPoolTests.Pool("10.77.0.0/24", "fd00:77::/64");
    private readonly ConnectIpSession _client;
    private readonly ConnectIpSession _server;

    public ConnectIpSessionTests()
    {
        _client = new ConnectIpSession(isServer: false, _clientLog, null);
        _server = new ConnectIpSession(isServer: true, _serverLog, _pool.For(AddressPoolTests.Key(1)));
    }

    [Fact]
    [Trait("rfc", "9484 §4.7.1, §4.7.2, §4.7.3")]
    public void AddressesAreAskedForAndRoutesAdvertised()
    {
        _server.AdvertiseRoutes(RouteTable.Everything);
        _client.RequestAddresses(IpPrefix.Single(AddressPoolTests.Address("10.77.0.50")), AnyV6);
        Exchange();
        IpAddress v6 = _client.AssignedToUs[1].Address;
        Assert.Equal($"routes 0.0.0.0-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\nassigned 10.77.0.50/32 {v6}/128", _clientLog.Take());
        Assert.Equal(_client.AssignedToUs, _server.AssignedToPeer);
        Assert.True(_pool.Ipv6!.Value.Contains(v6));
    }

    [Fact]
    [Trait("rfc", "9484 §4.7.2")]
    public void RefusedVersionIsAnsweredWithZerosAndLeftOut()
    {
        ConnectIpSession server = new(isServer: true, _serverLog, AddressPoolTests.Pool("10.77.0.0/24", null).For(AddressPoolTests.Key(1)));
        _client.RequestAddresses(AnyV4, AnyV6);
        Move(_client, server);
        byte[] answer = server.Pending.ToArray();
        Assert.Equal(0x01, answer[0]);
        Assert.Equal([2, 6, .. new byte[16], 128], answer[^19..]); // request 2: ::/128
        Move(server, _client);
        Assert.Equal(1, _client.AssignedToUs.Length);
        Assert.StartsWith("assigned 10.77.0.", _clientLog.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void LaterAnswersListEverythingThatIsAssigned()
    {
        _client.RequestAddresses(AnyV4);
        Exchange();
        _client.RequestAddresses(AnyV6);
        Exchange();
        Assert.Equal(2, _client.AssignedToUs.Length);
        _server.AssignAddresses();
        Exchange();
        Assert.Equal(0, _client.AssignedToUs.Length);
        Assert.EndsWith("assigned ", _clientLog.Take(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("rfc", "9297 §3.3, 9484 §4.7")]
    [InlineData("0200")] // nothing asked for
    [InlineData("020700040000000020")] // request ID 0
    [InlineData("0207010400000000" + "21")] // /33
    [InlineData("0207010500000000" + "20")] // version 5
    [InlineData("0207010400000001" + "08")] // bits behind the prefix
    [InlineData("020701040000000020" + "020701040000000020")] // an ID twice
    [InlineData("0107000400000000" + "21")]
    [InlineData("030a04" + "0a0000090a000008" + "00")] // ends before it starts
    [InlineData("0314" + "040a0000050a00000900" + "040a0000000a00000400")] // in the wrong order
    [InlineData("0302" + "0400")]
    public void MalformedCapsulesAbortTheStream(string hex)
    {
        Assert.False(_server.ReceiveStream(Convert.FromHexString(hex), fin: false));
        Assert.Equal(Http3ErrorCode.MessageError, _server.Failure);
        Assert.False(_server.ReceiveStream(Convert.FromHexString("0100"), fin: false));
    }

    [Fact]
    public void TruncatedStreamIsAnErrorAndAWholeOneAnEnd()
    {
        Assert.False(new ConnectIpSession(true, _serverLog, null).ReceiveStream([0x01], fin: true));
        Assert.False(new ConnectIpSession(true, _serverLog, null).ReceiveStream([0x17, 0x05, 0x00], fin: true));
        Assert.True(_server.ReceiveStream([0x17, 0x01, 0x00], fin: true));
        Assert.True(_server.IsEnded);
    }

    [Fact]
    public void RequestsAreBounded()
    {
        for (int i = 0; i < 256; i++)
        {
            _client.RequestAddresses(AnyV4);
            Exchange();
        }

        Assert.Null(_server.Failure);
        _client.RequestAddresses(AnyV4);
        Exchange();
        Assert.Equal(Http3ErrorCode.MessageError, _server.Failure);
    }

    [Theory]
    [Trait("rfc", "9484 §4.7, §6")]
    [InlineData("own", "198.51.100.7", PacketVerdict.Forward)]
    [InlineData("10.77.0.200", "198.51.100.7", PacketVerdict.SourceNotPermitted)] // another client's address
    [InlineData("203.0.113.5", "198.51.100.7", PacketVerdict.SourceNotPermitted)]
    [InlineData("0.0.0.0", "198.51.100.7", PacketVerdict.SourceNotPermitted)]
    [InlineData("127.0.0.1", "198.51.100.7", PacketVerdict.SourceNotPermitted)]
    [InlineData("own", "169.254.1.1", PacketVerdict.LinkLocal)]
    [InlineData("169.254.1.1", "198.51.100.7", PacketVerdict.LinkLocal)]
    [InlineData("own", "127.0.0.1", PacketVerdict.NoRoute)]
    [InlineData("own", "192.0.2.1", PacketVerdict.NoRoute)] // not advertised
    public void ServerChecksWhatClientsSend(string source, string destination, PacketVerdict verdict)
    {
        OpenIpv4("198.51.100.0/24");
        byte[] packet = TestPackets.Udp(source == "own" ? Own() : source, destination);
        _server.ReceiveDatagram([0, .. packet]);
        Assert.Equal(verdict == PacketVerdict.Forward ? $"packet {Own()} > {destination}" : $"dropped {verdict}", _serverLog.Take());
        Assert.Equal(verdict == PacketVerdict.Forward ? 0UL : 1UL, _server.DroppedPackets);

        // The client's own end judges the same packet the same way before it is sent.
        byte[] before = [.. packet];
        Assert.Equal(verdict, _client.PrepareOutgoing(packet, 1500, out _));
        Assert.Equal(verdict == PacketVerdict.Forward, packet[8] == before[8] - 1);
    }

    [Theory]
    [InlineData("198.51.100.7", "own", PacketVerdict.Forward)]
    [InlineData("192.0.2.1", "own", PacketVerdict.SourceNotPermitted)] // from where the server said it routes nothing
    [InlineData("198.51.100.7", "10.77.0.200", PacketVerdict.NoRoute)] // not ours
    public void ClientChecksWhatTheServerSends(string source, string destination, PacketVerdict verdict)
    {
        OpenIpv4("198.51.100.0/24");
        byte[] packet = TestPackets.Udp(source, destination == "own" ? Own() : destination);
        _client.ReceiveDatagram([0, .. packet]);
        Assert.Equal(verdict == PacketVerdict.Forward ? $"packet {source} > {Own()}" : $"dropped {verdict}", _clientLog.Take());
        Assert.Equal(verdict, _server.PrepareOutgoing(packet, 1500, out _));
    }

    [Fact]
    [Trait("rfc", "9484 §8")]
    public void ClientTakesIcmpFromAnywhereAndAServerDoesNot()
    {
        OpenIpv4("198.51.100.0/24");
        _client.ReceiveDatagram([0, .. TestPackets.EchoRequest("192.0.2.254", Own(), 1)]);
        Assert.StartsWith("packet 192.0.2.254", _clientLog.Take(), StringComparison.Ordinal);
        _server.ReceiveDatagram([0, .. TestPackets.EchoRequest("192.0.2.254", "198.51.100.7", 1)]);
        Assert.Equal("dropped SourceNotPermitted", _serverLog.Take());
    }

    [Fact]
    public void OutgoingPacketsAreJudgedBeforeTheyAreChanged()
    {
        OpenIpv4("198.51.100.0/24");
        byte[] packet = TestPackets.Udp(Own(), "198.51.100.7", payload: 1000);
        byte[] before = [.. packet];
        Assert.Equal(PacketVerdict.TooBig, _client.PrepareOutgoing(packet, 1027, out _));
        Assert.Equal(before, packet);
        Assert.Equal(PacketVerdict.Forward, _client.PrepareOutgoing(packet, 1028, out _));
        Assert.Equal(PacketVerdict.HopLimitExceeded, _client.PrepareOutgoing(TestPackets.Udp(Own(), "198.51.100.7", hopLimit: 1), 1500, out _));
        Assert.Equal(PacketVerdict.Malformed, _client.PrepareOutgoing([1, 2], 1500, out _));
    }

    [Fact]
    public void PlainPacketsCanBeForbidden()
    {
        OpenIpv4("198.51.100.0/24");
        _server.TakesPlainPackets = false;
        byte[] packet = TestPackets.Udp(Own(), "198.51.100.7");
        _server.ReceiveDatagram([0, .. packet]);
        Assert.Empty(_serverLog.Take());
        Assert.Equal(PacketVerdict.Forward, _server.JudgeIncoming(packet, out _)); // what the end-to-end layer opened is judged alike
    }

    [Fact]
    [Trait("rfc", "9484 §5")]
    public void ContextsAreRegisteredUsedAndClosed()
    {
        DatagramContext context = _client.RegisterContext(ContextFormat.NoiseTransport, 7);
        Assert.Equal(2UL, context.Id);
        _server.ReceiveDatagram([2, .. "before"u8]); // overtook its registration
        _server.ReceiveDatagram([3, .. "never ours to register"u8]);
        Exchange();
        _server.ReceiveDatagram([2, .. "sealed"u8]);
        _client.ReceiveDatagram([2, .. "back"u8]); // either end may use it
        Assert.Equal("registered 2 NoiseTransport 7\ncontext 2: before\ncontext 2: sealed", _serverLog.Take());
        Assert.Equal("context 2: back", _clientLog.Take());

        Assert.Equal(1UL, _server.RegisterContext(ContextFormat.NoiseTransport, 0).Id);
        Assert.True(_server.CloseContext(2));
        Assert.False(_server.CloseContext(2));
        Exchange();
        _client.ReceiveDatagram([2, .. "late"u8]);
        Assert.Equal("registered 1 NoiseTransport 0\nclosed 2", _clientLog.Take());
        Assert.Equal(4UL, _client.RegisterContext(ContextFormat.NoiseTransport, 0).Id); // never given out again
    }

    [Fact]
    public void EarlyDatagramsAreBounded()
    {
        for (int i = 0; i < 40; i++) _server.ReceiveDatagram([2, (byte)('a' + i % 26)]);
        _client.RegisterContext(ContextFormat.NoiseTransport, 0);
        Exchange();
        Assert.Equal(1 + EarlyContextDatagrams.Capacity, _serverLog.Log.Count);
        Assert.EndsWith("context 2: p", _serverLog.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void ContextOfAnUnknownFormatIsClosed()
    {
        _serverLog.SpeaksFormats = false;
        _client.RegisterContext((ContextFormat)99, 0);
        Exchange();
        Assert.Equal("closed 2", _clientLog.Take());
    }

    [Theory]
    [InlineData(3UL)] // ours to give
    [InlineData(0UL)]
    public void ContextThatIsNotThePeersToGiveIsMalformed(ulong id)
    {
        byte[] body = [(byte)id, 1, 0];
        Assert.False(_server.ReceiveStream(CapsuleReaderTests.Capsule(TunnelCapsuleType.RegisterContext, body), fin: false));
    }

    [Fact]
    public void ContextsAreBoundedAndUnique()
    {
        byte[] twice = CapsuleReaderTests.Capsule(TunnelCapsuleType.RegisterContext, 2, 1, 0);
        ConnectIpSession session = new(isServer: true, _serverLog, null);
        Assert.True(session.ReceiveStream([.. twice], fin: false));
        Assert.False(session.ReceiveStream([.. twice], fin: false));
        int registered = 0;
        for (byte id = 2; id < 100; id += 2)
            if (_server.ReceiveStream(CapsuleReaderTests.Capsule(TunnelCapsuleType.RegisterContext, [0x40, id, 1, 0]), fin: false)) registered++;
        Assert.Equal(ContextTable.Capacity, registered);
    }

    [Fact]
    public void RekeyMessagesPassAndSoDoDatagramCapsules()
    {
        OpenIpv4("198.51.100.0/24");
        _client.SendRekeyInitiate(1, "first"u8);
        _server.SendRekeyRespond(1, "second"u8);
        Assert.True(_client.TrySendDatagramCapsule(0, TestPackets.Udp(Own(), "198.51.100.7", payload: 30_000)));
        Exchange();
        Assert.Equal($"initiate 1 first\npacket {Own()} > 198.51.100.7", _serverLog.Take());
        Assert.Equal("respond 1 second", _clientLog.Take());
    }

    [Fact]
    public void QueueOfAPeerThatDoesNotReadIsBounded()
    {
        OpenIpv4("198.51.100.0/24");
        byte[] payload = new byte[60_000];
        int queued = 0;
        while (_client.TrySendDatagramCapsule(0, payload)) queued++;
        Assert.Equal(4, queued);
        Assert.Null(_client.Failure); // datagrams are dropped
        while (_client.Failure is null) _client.SendRekeyInitiate(1, payload);
        Assert.Equal(Http3ErrorCode.ExcessiveLoad, _client.Failure); // control cannot be
    }

    [Fact]
    public void SpoiltStreamsNeverThrow()
    {
        const int seed = 17;
        Random random = new(seed);
        _client.RequestAddresses(AnyV4, AnyV6);
        _client.AdvertiseRoutes(RouteTable.Everything);
        _client.RegisterContext(ContextFormat.NoiseTransport, 0);
        _client.SendRekeyInitiate(1, "message"u8);
        byte[] valid = _client.Pending.ToArray();
        int failed = 0;
        for (int round = 0; round < 5000; round++)
        {
            using ConnectIpSession session = new(isServer: true, new Recorder(), _pool.For(AddressPoolTests.Key(round % 9)));
            byte[] spoilt = [.. valid];
            for (int flips = random.Next(4); flips > 0; flips--) spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
            foreach (byte[] piece in spoilt.Chunk(random.Next(1, 40)))
                if (!session.ReceiveStream(piece, random.Next(30) == 0)) break;
            byte[] datagram = new byte[random.Next(80)];
            random.NextBytes(datagram);
            session.ReceiveDatagram(datagram);
            if (session.Failure is not null) failed++;
        }

        Assert.True(failed is > 500 and < 4500, $"seed {seed}: {failed} of 5000 refused");
    }

    [Fact]
    public void PacketPathAllocatesNothing()
    {
        OpenIpv4("198.51.100.0/24");
        Silent silent = new();
        using ConnectIpSession server = new(isServer: true, silent, _pool.For(AddressPoolTests.Key(1)));
        server.AdvertiseRoutes(RouteTable.Everything);
        server.AssignAddresses(_client.AssignedToUs);
        byte[] packet = TestPackets.Udp(Own(), "198.51.100.7", hopLimit: 255);
        byte[] datagram = [0, .. packet];
        byte[] original = [.. packet];
        int prepared = 0, runs = 0;
        Allocations.AssertNone(() =>
        {
            runs++;
            for (int i = 0; i < 1000; i++) Once();
        });
        Assert.Equal((runs * 1000, runs * 1000), (silent.Packets, prepared));

        void Once()
        {
            original.CopyTo(packet, 0);
            if (_client.PrepareOutgoing(packet, 1500, out _) == PacketVerdict.Forward) prepared++;
            server.ReceiveDatagram(datagram);
        }
    }

    private string Own() => _client.AssignedToUs[0].Address.ToString();

    private void OpenIpv4(string routes)
    {
        Assert.True(IpPrefix.TryParse(routes, out IpPrefix prefix));
        _server.AdvertiseRoutes(RouteTable.Normalize([prefix.ToRange()]));
        _client.RequestAddresses(AnyV4);
        Exchange();
        _clientLog.Take();
        _serverLog.Take();
    }

    private void Exchange()
    {
        while (!_client.Pending.IsEmpty || !_server.Pending.IsEmpty)
        {
            Move(_client, _server);
            Move(_server, _client);
        }
    }

    private static void Move(ConnectIpSession from, ConnectIpSession to)
    {
        byte[] bytes = from.Pending.ToArray();
        from.Advance(bytes.Length);
        foreach (byte[] piece in bytes.Chunk(11)) to.ReceiveStream(piece, fin: false);
    }

    private sealed class Silent : IConnectIpHandler
    {
        public int Packets { get; private set; }

        public void OnPacket(ConnectIpSession session, in IpPacket facts, Span<byte> packet) => Packets++;

        public void OnContextDatagram(ConnectIpSession session, in DatagramContext context, Span<byte> payload) => Packets++;

        public void OnDropped(ConnectIpSession session, PacketVerdict verdict, ReadOnlySpan<byte> packet) => Packets = int.MinValue;

        public void OnAddressesAssigned(ConnectIpSession session) => Packets = 0;

        public void OnRoutesAdvertised(ConnectIpSession session) => Packets = 0;

        public bool OnContextRegistered(ConnectIpSession session, in DatagramContext context) => true;

        public void OnContextClosed(ConnectIpSession session, in DatagramContext context) => Packets = 0;

        public void OnRekeyInitiate(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message) => Packets = 0;

        public void OnRekeyRespond(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message) => Packets = 0;
    }
}
