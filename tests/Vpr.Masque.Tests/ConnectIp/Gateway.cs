using System.Security.Cryptography;
using System.Text;
using Vpr.Http3;
using Vpr.Http3.Tests;

namespace Vpr.Masque.Tests;

/// <summary>A server's application: tunnels for those who know a name that begins with "key", a website for all others.</summary>
internal sealed class Gateway : ITunnelAuthenticator
{
    private readonly ConnectIpServer _acceptor;

    public Gateway(Http3Host host, AddressPool pool)
    {
        Pool = pool;
        _acceptor = new ConnectIpServer(this);
        host.Happened = OnEvent;
    }

    public AddressPool Pool { get; set; }

    public bool TakesPlainPackets { get; set; } = true;

    /// <summary>Whether it answers as somebody would who does not have the server's key.</summary>
    public bool Forge { get; set; }

    public Recorder Log { get; } = new();

    public List<ConnectIpStream> Tunnels { get; } = [];

    public int WebsiteRequests { get; private set; }

    public TunnelGrant? Authenticate(ReadOnlySpan<byte> message, IChannelBinding binding)
    {
        string name = Encoding.ASCII.GetString(message[..^32]);
        if (!name.StartsWith("key", StringComparison.Ordinal) || !message[^32..].SequenceEqual(Proof(binding, "client"u8))) return null;
        PeerKey client = new(SHA256.HashData(message[..^32]));
        return new TunnelGrant
        {
            Client = client,
            Response = Forge ? new byte[32] : Proof(binding, "server"u8),
            Handler = Log,
            Addresses = Pool.For(client),
            TakesPlainPackets = TakesPlainPackets,
        };
    }

    public static byte[] Proof(IChannelBinding binding, ReadOnlySpan<byte> label)
    {
        byte[] proof = new byte[32];
        binding.Export(label, [], proof);
        return proof;
    }

    private void OnEvent(Http3Connection connection, Http3Event ev)
    {
        if (ev.Kind == Http3EventKind.RequestReceived)
        {
            if (_acceptor.TryAccept(ev.Stream!, out ConnectIpStream? tunnel))
            {
                Tunnels.Add(tunnel);
                return;
            }

            WebsiteRequests++;
            using FieldSection notFound = new();
            notFound.Add(FieldNames.Status, "404"u8);
            ev.Stream!.SendResponse(notFound, fin: true);
        }
        else if (ev.Stream?.State is ConnectIpStream open) open.OnEvent(ev);
    }
}
