using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The server's end.</summary>
/// <remarks>RFC 8446 §4, §A.2</remarks>
public sealed partial class ServerHandshake : TlsHandshake
{
    private readonly ServerHandshakeOptions _options;
    private readonly byte[] _transportParameters;
    private State _state;

    /// <summary>A server that waits for a ClientHello.</summary>
    /// <param name="options">Certificates, protocols, groups and suites.</param>
    /// <param name="transportParameters">The body of this end's quic_transport_parameters extension; copied.</param>
    /// <exception cref="ArgumentException">The options cannot work.</exception>
    public ServerHandshake(ServerHandshakeOptions options, ReadOnlySpan<byte> transportParameters)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _transportParameters = transportParameters.ToArray();
        ReadLevel = EncryptionLevel.Initial;
    }

    private enum State
    {
        ExpectClientHello,
        ExpectSecondClientHello,
        ExpectFinished,
        Complete,
    }

    /// <inheritdoc/>
    public override bool IsComplete => _state == State.Complete && Alert is null;

    /// <inheritdoc/>
    private protected override int BodyLimit(HandshakeType type) => (_state, type) switch
    {
        (State.ExpectClientHello or State.ExpectSecondClientHello, HandshakeType.ClientHello) => HandshakeLimits.MaxClientHello,
        (State.ExpectFinished, HandshakeType.Finished) => KeySchedule.MaxSecretLength,
        _ => -1, // RFC 9001 §6: KeyUpdate is not used either
    };

    /// <inheritdoc/>
    private protected override TlsAlert? Handle(HandshakeType type, ReadOnlySpan<byte> message) =>
        type == HandshakeType.ClientHello ? OnClientHello(message) : OnFinished(message);

    private TlsAlert? OnFinished(ReadOnlySpan<byte> message)
    {
        if (VerifyFinished(message, Keys!.ClientHandshakeTraffic) is { } alert) return alert;
        Install(EncryptionLevel.Application, SecretDirection.Read, Keys.ClientApplicationTraffic);
        ReadLevel = EncryptionLevel.Application;
        _state = State.Complete;
        return null;
    }
}
