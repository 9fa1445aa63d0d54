using Vpr.Http3;

namespace Vpr.Masque;

/// <summary>Opens a tunnel as a client: one extended CONNECT request, its proof and its answer.</summary>
/// <remarks>RFC 9484 §4.4, §4.5. The owner of the connection passes its events on to <see cref="OnEvent"/>.</remarks>
public sealed class ConnectIpClient
{
    private readonly Http3Connection _connection;
    private readonly ITunnelCredential _credential;
    private readonly IConnectIpHandler _handler;
    private readonly ConnectIpRequest _request;

    /// <summary>Prepares to open a tunnel; the request goes out as soon as the server's settings are known.</summary>
    /// <param name="connection">The connection, to be used for more than this if one likes.</param>
    /// <param name="request">Where to, and what is asked for.</param>
    /// <param name="credential">Proves who we are, and checks who answers.</param>
    /// <param name="handler">Takes what the tunnel receives.</param>
    public ConnectIpClient(Http3Connection connection, ConnectIpRequest request, ITunnelCredential credential, IConnectIpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(credential);
        _connection = connection;
        _request = request;
        _credential = credential;
        _handler = handler;
    }

    /// <summary>How far it has come.</summary>
    public ConnectIpClientState State { get; private set; }

    /// <summary>The status of a refusal; 0 when there was none.</summary>
    public int RefusedStatus { get; private set; }

    /// <summary>The tunnel, once it is open.</summary>
    public ConnectIpStream? Tunnel { get; private set; }

    /// <summary>The tunnel to be, once the request is sent.</summary>
    private ConnectIpStream? _requested;

    /// <summary>Follows an event of the connection.</summary>
    public void OnEvent(in Http3Event ev)
    {
        if (ev.Kind == Http3EventKind.Closed)
        {
            Tunnel?.OnEvent(ev);
            if (State is ConnectIpClientState.Waiting or ConnectIpClientState.Requested or ConnectIpClientState.Open) State = ConnectIpClientState.Closed;
            return;
        }

        if (State == ConnectIpClientState.Waiting) TryRequest();
        if (_requested is not { } tunnel || ev.Stream != tunnel.Stream) return;
        switch (ev.Kind)
        {
            case Http3EventKind.ResponseReceived:
                OnResponse(tunnel);
                break;
            case Http3EventKind.StreamFailed or Http3EventKind.StreamReset or Http3EventKind.StreamStopped when State == ConnectIpClientState.Requested:
                End(tunnel, ConnectIpClientState.Refused);
                break;
            default:
                tunnel.OnEvent(ev);
                if (State == ConnectIpClientState.Open && !tunnel.IsOpen) State = ConnectIpClientState.Closed;
                break;
        }
    }

    private void TryRequest()
    {
        if (_connection.PeerSettings is not { } settings || _connection.Transport is not { } transport) return;
        if (!settings.EnableConnectProtocol || !settings.H3Datagram)
        {
            State = ConnectIpClientState.NotSupported;
            return;
        }

        using FieldSection head = new();
        head.Add(FieldNames.Method, "CONNECT"u8);
        head.Add(FieldNames.Protocol, "connect-ip"u8);
        head.Add(":scheme", _request.Template.Scheme);
        head.Add(":authority", _request.Template.Authority);
        head.Add(":path", _request.Template.Expand(new("target", _request.Target), new("ipproto", _request.Protocol)));
        head.Add(FieldNames.CapsuleProtocol, "?1"u8);
        if (_request.UserAgent.Length > 0) head.Add("user-agent", _request.UserAgent);
        NoiseScheme.Add(head, FieldNames.Authorization, _credential.CreateRequest(new QuicChannelBinding(transport)));
        switch (_connection.OpenRequest(head, fin: false, out Http3Stream? stream))
        {
            case RequestStatus.Sent:
                State = ConnectIpClientState.Requested;
                AskForAddresses(stream!);
                break;
            case RequestStatus.GoingAway:
                State = ConnectIpClientState.Closed;
                break;
            case RequestStatus.FieldsTooLarge or RequestStatus.ExtendedConnectNotSupported:
                State = ConnectIpClientState.NotSupported;
                break;
        }
    }

    /// <summary>Sends the first capsule behind the request without waiting for the answer, which so comes with the addresses.</summary>
    /// <remarks>RFC 9484 §6 has clients send packets as early; whoever refuses the request drops a few bytes.</remarks>
    private void AskForAddresses(Http3Stream stream)
    {
        ConnectIpSession session = new(isServer: false, _handler, addresses: null) { TakesPlainPackets = _request.TakesPlainPackets };
        session.RequestAddresses(_request.Addresses.Span);
        _requested = new ConnectIpStream(stream, session);
        _requested.Flush();
    }

    private void OnResponse(ConnectIpStream tunnel)
    {
        Http3Stream stream = tunnel.Stream;
        if (!stream.Response.IsSuccess)
        {
            RefusedStatus = stream.Response.Status;
            End(tunnel, ConnectIpClientState.Refused);
        }
        else if (!NoiseScheme.TryRead(stream.Fields, FieldNames.AuthenticationInfo, out byte[]? message) || !_credential.TryAcceptResponse(message))
            End(tunnel, ConnectIpClientState.ServerNotAuthentic);
        else
        {
            State = ConnectIpClientState.Open;
            Tunnel = tunnel;
            tunnel.Open();
            if (!tunnel.IsOpen) State = ConnectIpClientState.Closed;
        }
    }

    private void End(ConnectIpStream tunnel, ConnectIpClientState state)
    {
        tunnel.Stream.Abort(Http3ErrorCode.RequestCancelled);
        tunnel.Dispose();
        State = state;
    }
}
