using System.Net;
using Vpr.Hosting.Loop;
using Vpr.Http3;
using Vpr.Interop.Linux;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Server.Http;
using Vpr.Tunnel;

namespace Vpr.Server.Loop;

/// <summary>One peer: its HTTP/3 connection, the website's requests and the tunnels that are under way on it.</summary>
internal sealed class ServerConnection : IDisposable
{
    private static readonly Http3Settings s_settings = new() { EnableConnectProtocol = true, H3Datagram = true };

    private readonly HashSet<WebsiteRequest> _requests = [];
    private readonly Dictionary<ConnectIpStream, TunnelSession> _tunnels = [];

    /// <summary>Starts HTTP/3 on an accepted connection.</summary>
    public ServerConnection(QuicConnection transport) =>
        Http3 = new Http3Connection(transport, isServer: true, s_settings, OsRandomSource.Instance);

    /// <summary>HTTP/3.</summary>
    public Http3Connection Http3 { get; }

    /// <summary>The tunnels that were opened on the connection and not ended by the peer.</summary>
    public IEnumerable<TunnelSession> Tunnels => _tunnels.Values;

    /// <summary>Notes a tunnel that was accepted.</summary>
    public void Add(ConnectIpStream tunnel, TunnelSession session) => _tunnels.Add(tunnel, session);

    /// <summary>The session of a tunnel that is over; null when it was taken before.</summary>
    public TunnelSession? TakeTunnel(ConnectIpStream tunnel) => _tunnels.Remove(tunnel, out TunnelSession? session) ? session : null;

    /// <summary>Hands a request to the website.</summary>
    /// <param name="stream">The request.</param>
    /// <param name="website">Answers it.</param>
    /// <param name="mailbox">The loop's.</param>
    /// <param name="pumped">Called when HTTP/3 may have events that no datagram brought.</param>
    public void Serve(Http3Stream stream, Http3Server website, Mailbox mailbox, Action pumped)
    {
        QuicConnection transport = Http3.Transport!;
        IPEndPoint local = transport.Path.Local.ToIPEndPoint(), remote = transport.Path.Remote.ToIPEndPoint();
        var request = new WebsiteRequest(stream, mailbox, local, remote, Forget, pumped);
        stream.State = request;
        _requests.Add(request);
        website.Accept(request.Exchange);
        request.Pump();
    }

    /// <summary>The peer ended a request of the website.</summary>
    public void Abort(WebsiteRequest request)
    {
        request.Abort();
        Forget(request);
    }

    /// <summary>The connection is over.</summary>
    public void Dispose()
    {
        foreach (WebsiteRequest request in _requests) request.Abort();
        _requests.Clear();
        Http3.Dispose();
    }

    private void Forget(WebsiteRequest request) => _requests.Remove(request);
}
