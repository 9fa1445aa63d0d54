using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Vpr.Masque;
using Vpr.Wire.Ip;

namespace Vpr.Perf.Micro.Masque;

/// <summary>What CONNECT-IP does to each packet: on the way in, on the way out, and the look-up in a split tunnel's routes.</summary>
[MemoryDiagnoser]
public class PacketBenchmarks : IConnectIpHandler
{
    private ConnectIpSession _client = null!;
    private ConnectIpSession _server = null!;
    private RouteTable _routes = RouteTable.Empty;
    private byte[] _packet = [];
    private byte[] _datagram = [];
    private IpAddress _destination;

    /// <summary>4 or 6.</summary>
    [Params(4, 6)]
    public int Version { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        IpAddress source = Parse(Version == 4 ? "10.77.0.2" : "fd00:77::2");
        _destination = Parse(Version == 4 ? "198.51.100.7" : "2001:db8::7");
        _packet = new byte[1280];
        if (Version == 4)
        {
            int length = new Ipv4Header
            {
                InternetHeaderLength = 5, TotalLength = 1280, TimeToLive = 64, Protocol = IpProtocol.Udp,
                SourceAddress = (uint)source.Value, DestinationAddress = (uint)_destination.Value,
            }.Write(_packet);
            InternetChecksum.WriteIpv4Header(_packet.AsSpan(0, length));
        }
        else
        {
            new Ipv6Header(6, 0, 0, 0, 1240, IpProtocol.Udp, 64, source.Value, _destination.Value).Write(_packet);
        }

        _datagram = [0, .. _packet];
        _server = new ConnectIpSession(isServer: true, this, null);
        _server.AdvertiseRoutes(RouteTable.Everything);
        _server.AssignAddresses(IpPrefix.Single(source));
        _client = new ConnectIpSession(isServer: false, this, null);
        _client.ReceiveStream(_server.Pending.ToArray(), fin: false);
        AddressRange[] ranges = new AddressRange[100];
        for (uint i = 0; i < 100; i++) ranges[i] = new AddressRange(new IpAddress(IpVersion.V4, i << 24), new IpAddress(IpVersion.V4, (i << 24) + 0xffff));
        _routes = RouteTable.Normalize([.. ranges, .. RouteTable.Everything.Ranges[1..]]);
    }

    [Benchmark]
    public PacketVerdict PrepareOutgoing()
    {
        _packet[Version == 4 ? 8 : 7] = 64;
        if (Version == 4) BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(10), 0);
        return _client.PrepareOutgoing(_packet, 1500, out _);
    }

    [Benchmark]
    public void ReceiveDatagram() => _server.ReceiveDatagram(_datagram);

    [Benchmark]
    public bool RouteLookup100() => _routes.Contains(_destination, IpProtocol.Udp);

    void IConnectIpHandler.OnPacket(ConnectIpSession session, in IpPacket facts, Span<byte> packet)
    {
    }

    void IConnectIpHandler.OnContextDatagram(ConnectIpSession session, in DatagramContext context, Span<byte> payload)
    {
    }

    void IConnectIpHandler.OnDropped(ConnectIpSession session, PacketVerdict verdict, ReadOnlySpan<byte> packet) =>
        throw new InvalidOperationException($"The packet was to pass, but: {verdict}.");

    void IConnectIpHandler.OnAddressesAssigned(ConnectIpSession session)
    {
    }

    void IConnectIpHandler.OnRoutesAdvertised(ConnectIpSession session)
    {
    }

    bool IConnectIpHandler.OnContextRegistered(ConnectIpSession session, in DatagramContext context) => true;

    void IConnectIpHandler.OnContextClosed(ConnectIpSession session, in DatagramContext context)
    {
    }

    void IConnectIpHandler.OnRekeyInitiate(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message)
    {
    }

    void IConnectIpHandler.OnRekeyRespond(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message)
    {
    }

    private static IpAddress Parse(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);
}
