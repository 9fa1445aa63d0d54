using System.Text;
using Vpr.Http3;
using Vpr.Http3.Tests;

namespace Vpr.Masque.Tests;

/// <summary>A client's application: one connection and one tunnel.</summary>
internal sealed class Caller : ITunnelCredential
{
    private readonly Http3Pair _pair;
    private readonly string _name;
    private byte[] _expected = [];

    public Caller(Http3Pair pair, string name, IpPrefix[]? wishes = null, UriTemplate? template = null)
    {
        _pair = pair;
        _name = name;
        if (template is null) Assert.True(UriTemplate.TryParse("https://server.test" + UriTemplate.DefaultPath, out template));
        ConnectIpRequest request = new() { Template = template, TakesPlainPackets = true };
        if (wishes is not null) request = request with { Addresses = wishes };
        Http3Connection connection = pair.Connect();
        Client = new ConnectIpClient(connection, request, this, Log);
        pair.Client.Happened += (from, ev) =>
        {
            if (from == connection) Client.OnEvent(ev);
        };
    }

    public ConnectIpClient Client { get; }

    public Recorder Log { get; } = new();

    public ConnectIpStream Tunnel => Client.Tunnel!;

    public bool HasAddresses => Client.Tunnel is { Session.AssignedToUs.IsEmpty: false };

    public string Address(int index) => Tunnel.Session.AssignedToUs[index].Address.ToString();

    public void Send(byte[] packet)
    {
        Assert.Equal(PacketVerdict.Forward, Tunnel.Session.PrepareOutgoing(packet, 65_535, out _));
        Assert.True(Tunnel.TryQueue(DatagramContext.PlainPacket, packet));
        _pair.Client.Deliver();
    }

    public byte[] CreateRequest(IChannelBinding binding)
    {
        _expected = Gateway.Proof(binding, "server"u8);
        return [.. Encoding.ASCII.GetBytes(_name), .. Gateway.Proof(binding, "client"u8)];
    }

    public bool TryAcceptResponse(ReadOnlySpan<byte> message) => message.SequenceEqual(_expected);
}
