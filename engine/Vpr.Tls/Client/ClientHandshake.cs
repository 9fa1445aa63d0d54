using System.Net;
using System.Text;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The client's end.</summary>
/// <remarks>RFC 8446 §4, §A.1</remarks>
public sealed partial class ClientHandshake : TlsHandshake
{
    private readonly ClientHandshakeOptions _options;
    private readonly ClientHelloBuilder _builder;
    private readonly byte[] _firstHello;
    private KeyShare[] _shares;
    private State _state;
    private bool _certificateRequested;
    private bool _settingsRequested;

    /// <summary>A client whose ClientHello waits to be taken.</summary>
    /// <param name="options">Server, trust, protocols and shape.</param>
    /// <param name="transportParameters">The body of this end's quic_transport_parameters extension; copied.</param>
    /// <exception cref="ArgumentException">The options cannot work.</exception>
    public ClientHandshake(ClientHandshakeOptions options, ReadOnlySpan<byte> transportParameters)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsServerName(options.ServerName)) throw new ArgumentException("The server name is neither a DNS name nor an IP address.", nameof(options));
        ApplicationProtocolNames.Validate(options.ApplicationProtocols);
        options.Shape.Validate();
        _options = options;
        _builder = new ClientHelloBuilder(options, transportParameters);
        _shares = new KeyShare[options.Shape.KeyShares.Count];
        for (int i = 0; i < _shares.Length; i++) _shares[i] = KeyShare.Create(options.Shape.KeyShares[i], options.Random);
        _firstHello = _builder.Build(_shares, isSecond: false, cookie: []);
        ServerName = _builder.ServerName;
        ReadLevel = EncryptionLevel.Initial;
        Send(EncryptionLevel.Initial, _firstHello);
    }

    private enum State
    {
        ExpectServerHello,
        ExpectSecondServerHello,
        ExpectEncryptedExtensions,
        ExpectCertificateOrRequest,
        ExpectCertificate,
        ExpectCertificateVerify,
        ExpectFinished,
        Complete,
    }

    /// <inheritdoc/>
    public override bool IsComplete => _state == State.Complete && Alert is null;

    /// <inheritdoc/>
    public override void Dispose()
    {
        DisposeShares();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override int BodyLimit(HandshakeType type) => (_state, type) switch
    {
        (State.ExpectServerHello or State.ExpectSecondServerHello, HandshakeType.ServerHello) => HandshakeLimits.MaxServerHello,
        (State.ExpectEncryptedExtensions, HandshakeType.EncryptedExtensions) => HandshakeLimits.MaxEncryptedExtensions,
        (State.ExpectCertificateOrRequest, HandshakeType.CertificateRequest) => HandshakeLimits.MaxCertificateRequest,
        (State.ExpectCertificateOrRequest or State.ExpectCertificate, HandshakeType.Certificate) => HandshakeLimits.MaxCertificate,
        (State.ExpectCertificateOrRequest or State.ExpectCertificate, HandshakeType.CompressedCertificate)
            when _builder.Offers(ExtensionType.CompressCertificate) => HandshakeLimits.MaxCertificate,
        (State.ExpectCertificateVerify, HandshakeType.CertificateVerify) => HandshakeLimits.MaxCertificateVerify,
        (State.ExpectFinished, HandshakeType.Finished) => KeySchedule.MaxSecretLength,
        (State.Complete, HandshakeType.NewSessionTicket) => HandshakeLimits.MaxNewSessionTicket,
        _ => -1, // RFC 9001 §4.4, §6: neither KeyUpdate nor authentication after the handshake in QUIC
    };

    /// <inheritdoc/>
    private protected override TlsAlert? Handle(HandshakeType type, ReadOnlySpan<byte> message) => type switch
    {
        HandshakeType.ServerHello => OnServerHello(message),
        HandshakeType.EncryptedExtensions => OnEncryptedExtensions(message),
        HandshakeType.CertificateRequest => OnCertificateRequest(message),
        HandshakeType.Certificate => OnCertificate(message),
        HandshakeType.CompressedCertificate => OnCompressedCertificate(message),
        HandshakeType.CertificateVerify => OnCertificateVerify(message),
        HandshakeType.Finished => OnFinished(message),
        _ => OnNewSessionTicket(message),
    };

    private TlsAlert? OnEncryptedExtensions(ReadOnlySpan<byte> message)
    {
        if (ServerParameters.Read(message, _builder, _options.ApplicationProtocols, out ServerParameters parameters) is { } alert) return alert;
        Keys!.Transcript.Append(message);
        NegotiatedProtocol = parameters.Protocol;
        _settingsRequested = parameters.HasApplicationSettings;
        PeerTransportParameters = parameters.TransportParameters.ToArray();
        _state = State.ExpectCertificateOrRequest;
        return null;
    }

    private TlsAlert? OnFinished(ReadOnlySpan<byte> message)
    {
        if (VerifyFinished(message, Keys!.ServerHandshakeTraffic) is { } alert) return alert;
        Keys.EnterApplication();
        if (_settingsRequested) SendApplicationSettings();
        if (_certificateRequested) SendNoCertificate();
        SendFinished(Keys.ClientHandshakeTraffic);
        Install(EncryptionLevel.Application, SecretDirection.Write, Keys.ClientApplicationTraffic);
        Install(EncryptionLevel.Application, SecretDirection.Read, Keys.ServerApplicationTraffic);
        ReadLevel = EncryptionLevel.Application;
        _state = State.Complete;
        return null;
    }

    // Sessions are not resumed yet: a ticket is checked and dropped.
    private static TlsAlert? OnNewSessionTicket(ReadOnlySpan<byte> message) =>
        NewSessionTicket.TryParse(message, out _, out int consumed) && consumed == message.Length ? null : TlsAlert.DecodeError;

    private void DisposeShares()
    {
        foreach (KeyShare share in _shares) share.Dispose();
        _shares = [];
    }

    private static bool IsServerName(string? name) =>
        !string.IsNullOrEmpty(name)
        && Ascii.IsValid(name)
        && (IPAddress.TryParse(name, out _) || (Uri.CheckHostName(name) == UriHostNameType.Dns && !name.EndsWith('.')));
}
