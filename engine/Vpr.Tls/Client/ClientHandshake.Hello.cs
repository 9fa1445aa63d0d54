using System.Security.Cryptography;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

public sealed partial class ClientHandshake
{
    private NamedGroup? _retryGroup;

    private TlsAlert? OnServerHello(ReadOnlySpan<byte> message)
    {
        if (!ServerHello.TryParse(message, out ServerHello hello, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        if (hello.LegacyVersion != ProtocolVersion.Tls12) return TlsAlert.ProtocolVersion;
        // RFC 8446 §4.1.3: what was sent, and in QUIC nothing was.
        if (!hello.LegacySessionIdEcho.IsEmpty) return TlsAlert.IllegalParameter;
        if (!_options.Shape.CipherSuites.Contains(hello.CipherSuite)) return TlsAlert.IllegalParameter;
        return hello.IsHelloRetryRequest ? OnHelloRetryRequest(message, hello) : OnServerHello(message, hello);
    }

    private TlsAlert? OnHelloRetryRequest(ReadOnlySpan<byte> message, scoped in ServerHello hello)
    {
        if (_state == State.ExpectSecondServerHello) return TlsAlert.UnexpectedMessage;
        if (HelloRetryRequestExtensions.Read(hello.Extensions, out HelloRetryRequestExtensions extensions) is { } alert) return alert;
        if (CheckVersion(extensions.SelectedVersion) is { } mismatch) return mismatch;
        if (extensions.SelectedGroup is null && extensions.Cookie.IsEmpty) return TlsAlert.IllegalParameter; // it would change nothing
        if (extensions.SelectedGroup is { } group)
        {
            // RFC 8446 §4.2.8: a group that was offered, but without a share.
            if (!_options.Shape.Groups.Contains(group) || _shares.Any(share => share.Group == group)) return TlsAlert.IllegalParameter;
            if (!KeyShare.IsSupported(group)) return TlsAlert.HandshakeFailure;
            DisposeShares();
            _shares = [KeyShare.Create(group, _options.Random)];
            _retryGroup = group;
        }

        Keys = new HandshakeKeys(hello.CipherSuite);
        Keys.Transcript.Append(_firstHello);
        KeySchedule.ReplaceWithMessageHash(Keys.Transcript);
        Keys.Transcript.Append(message);
        Send(EncryptionLevel.Initial, _builder.Build(_shares, isSecond: true, extensions.Cookie));
        _state = State.ExpectSecondServerHello;
        return null;
    }

    private TlsAlert? OnServerHello(ReadOnlySpan<byte> message, scoped in ServerHello hello)
    {
        if (ServerHelloExtensions.Read(hello.Extensions, out ServerHelloExtensions extensions) is { } alert) return alert;
        if (CheckVersion(extensions.SelectedVersion) is { } mismatch) return mismatch;
        if (!extensions.HasShare) return TlsAlert.MissingExtension;
        NamedGroup group = extensions.Share.Group;
        if (Array.Find(_shares, share => share.Group == group) is not { } own) return TlsAlert.IllegalParameter;
        // RFC 8446 §4.1.4: the answer to a retry keeps to what the retry said.
        if (Keys is not null && Keys.CipherSuite != hello.CipherSuite) return TlsAlert.IllegalParameter;
        if (_retryGroup is not null && _retryGroup != group) return TlsAlert.IllegalParameter;

        Span<byte> secret = stackalloc byte[KeyShare.MaxSecretLength];
        try
        {
            if (!own.TryAgree(extensions.Share.KeyExchange, secret, out int secretLength)) return TlsAlert.IllegalParameter;
            if (Keys is null)
            {
                Keys = new HandshakeKeys(hello.CipherSuite);
                Keys.Transcript.Append(_firstHello);
            }

            Keys.Transcript.Append(message);
            Keys.EnterHandshake(secret[..secretLength]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        DisposeShares();
        KeyExchange = group;
        Install(EncryptionLevel.Handshake, SecretDirection.Read, Keys.ServerHandshakeTraffic);
        Install(EncryptionLevel.Handshake, SecretDirection.Write, Keys.ClientHandshakeTraffic);
        ReadLevel = EncryptionLevel.Handshake;
        _state = State.ExpectEncryptedExtensions;
        return null;
    }

    // RFC 8446 §4.2.1: without the extension the server speaks TLS 1.2; with it, it may only choose what was offered.
    private static TlsAlert? CheckVersion(ProtocolVersion? selected) => selected switch
    {
        null => TlsAlert.ProtocolVersion,
        ProtocolVersion.Tls13 => null,
        _ => TlsAlert.IllegalParameter,
    };
}
