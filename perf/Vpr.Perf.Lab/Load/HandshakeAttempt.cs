using Vpr.Crypto;
using Vpr.Http3;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Tls;
using Vpr.Tunnel;
using Vpr.Wire.Noise;

namespace Vpr.Perf.Lab.Load;

/// <summary>A connection as <c>vpr-client</c> makes it, from the first datagram until its tunnel is open: TLS, HTTP/3, CONNECT-IP and Noise.</summary>
internal sealed class HandshakeAttempt : ITunnelHandler, IDisposable
{
    private readonly QuicConnection _connection;
    private readonly Http3Connection _http3;
    private readonly X25519PrivateKey _key;
    private readonly ClientAuthentication _authentication;
    private readonly TunnelSession _session;
    private readonly ConnectIpClient _client;

    /// <summary>Begins; the endpoint's next datagram is its first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="endpoint">Whose connection it is.</param>
    /// <param name="profile">Who connects to whom.</param>
    public HandshakeAttempt(Instant now, QuicEndpoint endpoint, HandshakeProfile profile)
    {
        Started = now;
        _connection = endpoint.Connect(now, new DatagramPath(default, profile.Server), new ClientConnectionOptions
        {
            Tls = new ClientHandshakeOptions
            {
                ServerName = profile.ServerName,
                ApplicationProtocols = ["h3"],
                Trust = ServerTrust.PinnedKey(profile.CertificatePin),
                VerificationTime = DateTimeOffset.UtcNow,
                Random = OsRandomSource.Instance,
            },
        });
        _connection.Tag = this;
        _http3 = new Http3Connection(_connection, isServer: false, new Http3Settings { H3Datagram = true }, OsRandomSource.Instance);
        _key = X25519PrivateKey.Import(profile.PrivateKey);
        var wanted = new SessionParameters(1, SessionFeatures.SealedPackets, Epoch: 0, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        _authentication = new ClientAuthentication(_key, profile.ServerPublicKey, wanted, OsRandomSource.Instance);
        _session = new TunnelSession(this);
        if (!UriTemplate.TryParse($"https://{profile.Authority}{UriTemplate.DefaultPath}", out UriTemplate? template))
            throw new BenchException($"{profile.Authority} cannot stand in a URI.");
        _client = new ConnectIpClient(_http3, new ConnectIpRequest { Template = template }, _authentication, _session);
    }

    /// <summary>When it began.</summary>
    public Instant Started { get; }

    /// <summary>Whether the tunnel is open and has addresses.</summary>
    public bool IsUp => _session.IsOpen && !_session.Addresses.IsEmpty;

    /// <summary>Why it came to nothing, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Follows what the connection tells.</summary>
    public void Process()
    {
        _http3.Process();
        while (Failure is null && _http3.TryTakeEvent(out Http3Event ev))
        {
            _client.OnEvent(ev);
            if (_client.State > ConnectIpClientState.Open) Failure = $"{_client.State}, {ev.Kind} by {ev.CloseSource}, code 0x{ev.ErrorCode:x}";
            if (_client.State != ConnectIpClientState.Open || !_authentication.TryTakeKeys(out SessionKeys? keys)) continue;
            using (keys) _session.SetKeys(keys);
            _session.Open(_client.Tunnel!);
        }
    }

    /// <summary>Says goodbye to the server; the endpoint's next datagram carries it. Then it can be disposed.</summary>
    public void Close()
    {
        _connection.Tag = null;
        _http3.Close(Http3ErrorCode.NoError);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _http3.Dispose();
        _authentication.Dispose();
        _key.Dispose();
    }

    /// <inheritdoc/>
    public void OnPacket(TunnelSession session, Span<byte> packet)
    {
        // Nobody waits for packets here.
    }

    /// <inheritdoc/>
    public void OnConfigured(TunnelSession session)
    {
        // The addresses are looked at after every event.
    }
}
