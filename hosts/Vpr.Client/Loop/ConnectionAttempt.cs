using System.Net;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Http3;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Tls;
using Vpr.Tunnel;
using Vpr.Wire.Noise;

namespace Vpr.Client.Loop;

/// <summary>One connection to the server and the tunnel on it, from the first datagram until either fails.</summary>
internal sealed class ConnectionAttempt : IDisposable
{
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromDays(1);

    // A server that was restarted is noticed within this time even when it cannot say so.
    private static readonly TransportOptions s_transport = new()
    {
        MaxIdleTimeout = TimeSpan.FromSeconds(30),
        KeepAliveInterval = TimeSpan.FromSeconds(15),
    };

    private readonly ClientProfile _profile;
    private readonly X25519PrivateKey _key;
    private readonly ClientAuthentication _authentication;
    private readonly Http3Connection _http3;
    private readonly ConnectIpClient _client;
    private ulong _serverTime;

    /// <summary>Sends the first datagram at the loop's next turn.</summary>
    public ConnectionAttempt(Instant now, QuicEndpoint endpoint, in DatagramPath path, ClientProfile profile, ITunnelHandler handler)
    {
        _profile = profile;
        Connection = endpoint.Connect(now, path, new ClientConnectionOptions { Tls = TlsOptions(profile), Transport = s_transport });
        _http3 = new Http3Connection(Connection, isServer: false, new Http3Settings { H3Datagram = true }, OsRandomSource.Instance);
        _key = X25519PrivateKey.Import(profile.PrivateKey);
        var wanted = new SessionParameters(1, SessionFeatures.SealedPackets, Epoch: 0, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        _authentication = new ClientAuthentication(_key, profile.ServerPublicKey, wanted, OsRandomSource.Instance);
        Session = new TunnelSession(handler, profile.Queue);
        _client = new ConnectIpClient(_http3, new ConnectIpRequest { Template = Template(profile) }, _authentication, Session);
    }

    /// <summary>The QUIC connection.</summary>
    public QuicConnection Connection { get; }

    /// <summary>The tunnel, which carries packets while <see cref="IsUp"/>.</summary>
    public TunnelSession Session { get; }

    /// <summary>Whether the tunnel is open and has addresses.</summary>
    public bool IsUp => Session.IsOpen && !Session.Addresses.IsEmpty;

    /// <summary>Whether the loop has taken note that the tunnel is up.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Why the attempt is over, or null while it goes on.</summary>
    public HostException? Failure { get; private set; }

    /// <summary>The inner addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses
    {
        get
        {
            var addresses = new List<IPAddress>();
            foreach (IpPrefix prefix in Session.Addresses) addresses.Add(prefix.Address.ToIPAddress());
            return addresses;
        }
    }

    /// <summary>Follows what the connection tells.</summary>
    public void Process()
    {
        _http3.Process();
        while (Failure is null && _http3.TryTakeEvent(out Http3Event ev))
        {
            bool wasOpen = _client.State == ConnectIpClientState.Open;
            _client.OnEvent(ev);
            Failure = _client.State switch
            {
                ConnectIpClientState.Closed when !wasOpen => ConnectionFailure.Describe(Connection, _profile),
                ConnectIpClientState.Closed => new HostException(ExitCode.ServerUnreachable, $"{_profile.Endpoint} ended the tunnel."),
                ConnectIpClientState.Refused or ConnectIpClientState.ServerNotAuthentic or ConnectIpClientState.NotSupported =>
                    ConnectionFailure.NotAdmitted(_profile),
                _ => null,
            };
            if (_client.State == ConnectIpClientState.Open && _authentication.TryTakeKeys(out SessionKeys? keys)) Open(keys);
        }
    }

    /// <summary>The failure of a clock that is far from the server's, or null.</summary>
    public HostException? ClockFault()
    {
        DateTimeOffset server = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(_serverTime, 253_402_300_799UL)), here = DateTimeOffset.UtcNow;
        return (server - here).Duration() < s_clockTolerance ? null : new HostException(ExitCode.ClockWrong,
            $"This machine's clock says {here:yyyy-MM-dd HH:mm} UTC and the server's {server:yyyy-MM-dd HH:mm}: set the clock.");
    }

    /// <summary>Says goodbye to the server; the loop sends it at its next turn.</summary>
    public void Close()
    {
        Session.Dispose();
        _http3.Close(Http3ErrorCode.NoError);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Session.Dispose();
        _http3.Dispose();
        _authentication.Dispose();
        _key.Dispose();
    }

    private void Open(SessionKeys keys)
    {
        using (keys)
        {
            _serverTime = keys.Parameters.UnixTime;
            Session.SetKeys(keys);
        }

        Session.Open(_client.Tunnel!);
    }

    private static ClientHandshakeOptions TlsOptions(ClientProfile profile) => new()
    {
        ServerName = profile.ServerName,
        ApplicationProtocols = ["h3"],
        Trust = profile.CertificatePin is { } pin ? ServerTrust.PinnedKey(pin) : ServerTrust.SystemRoots,
        VerificationTime = DateTimeOffset.UtcNow,
        Random = OsRandomSource.Instance,
    };

    private static UriTemplate Template(ClientProfile profile)
    {
        var authority = new ServerAddress(profile.ServerName, profile.Endpoint.Port).ToString();
        if (profile.Endpoint.Port == ServerAddress.DefaultPort) authority = authority[..authority.LastIndexOf(':')];
        return UriTemplate.TryParse($"https://{authority}{UriTemplate.DefaultPath}", out UriTemplate? template)
            ? template : throw new HostException(ExitCode.ProfileInvalid, $"The server name {profile.ServerName} cannot stand in a URI.");
    }
}
