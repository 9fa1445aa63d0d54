using System.Security.Cryptography;
using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

public sealed partial class ServerHandshake
{
    private const int RandomLength = 32;

    // Versions and one share: the longest, ML-KEM's ciphertext and X25519, is 1120 bytes.
    private const int MaxHello = 2048;

    // What a second ClientHello must repeat.
    private byte[] _firstRandom = [];
    private NamedGroup _retryGroup;

    private TlsAlert? OnClientHello(ReadOnlySpan<byte> message)
    {
        if (ClientOffer.Read(message, out ClientOffer offer) is { } alert) return alert;
        if (ChooseCipherSuite(offer) is not { } suite) return TlsAlert.HandshakeFailure;
        if (ChooseProtocol(offer) is not { } protocol) return TlsAlert.NoApplicationProtocol;
        if (!TryChooseCertificate(offer, out ServerCertificate? certificate, out SignatureScheme scheme, out bool isNamed)) return TlsAlert.HandshakeFailure;
        if (_state == State.ExpectSecondClientHello && !IsSecondOf(offer, suite)) return TlsAlert.IllegalParameter;
        if (TryChooseGroup(offer, out NamedGroup group, out ReadOnlySpan<byte> share) is { } refusal) return refusal;
        if (share.IsEmpty) return Retry(message, offer, suite, group);

        Span<byte> secret = stackalloc byte[KeyShare.MaxSecretLength];
        try
        {
            if (!KeyShare.TryAnswer(group, share, _options.Random, out byte[] ownShare, secret, out int secretLength)) return TlsAlert.IllegalParameter;
            Keys ??= new HandshakeKeys(suite);
            Keys.Transcript.Append(message);
            KeyExchange = group;
            NegotiatedProtocol = protocol;
            ServerName = offer.ServerName;
            PeerTransportParameters = offer.TransportParameters.ToArray();
            SendServerHello(suite, group, ownShare);
            Keys.EnterHandshake(secret[..secretLength]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        Install(EncryptionLevel.Handshake, SecretDirection.Write, Keys.ServerHandshakeTraffic);
        Install(EncryptionLevel.Handshake, SecretDirection.Read, Keys.ClientHandshakeTraffic);
        SendAuthentication(protocol, certificate!, scheme, isNamed);
        ReadLevel = EncryptionLevel.Handshake;
        _state = State.ExpectFinished;
        return null;
    }

    private CipherSuite? ChooseCipherSuite(scoped in ClientOffer offer)
    {
        foreach (CipherSuite suite in _options.CipherSuites)
        {
            if (offer.CipherSuites.Contains(suite)) return suite;
        }

        return null;
    }

    private string? ChooseProtocol(scoped in ClientOffer offer)
    {
        foreach (string own in _options.ApplicationProtocols)
        {
            foreach (ProtocolName offered in offer.Protocols)
            {
                if (ApplicationProtocolNames.AreEqual(own, offered.Name)) return own;
            }
        }

        return null;
    }

    // The name decides, then the order; but a certificate whose key the client cannot check is no use.
    private bool TryChooseCertificate(scoped in ClientOffer offer, out ServerCertificate? certificate, out SignatureScheme scheme, out bool isNamed)
    {
        isNamed = true;
        if (offer.ServerName is { } name)
        {
            foreach (ServerCertificate candidate in _options.Certificates)
            {
                if (!candidate.Covers(name) || !candidate.TryChooseScheme(offer.SignatureSchemes, out scheme)) continue;
                certificate = candidate;
                return true;
            }
        }

        isNamed = false;
        foreach (ServerCertificate candidate in _options.Certificates)
        {
            if (!candidate.TryChooseScheme(offer.SignatureSchemes, out scheme)) continue;
            certificate = candidate;
            return true;
        }

        certificate = null;
        scheme = default;
        return false;
    }

    // RFC 8446 §4.1.1: the first group with a share; without any, the first that both know, which asks for a share.
    private TlsAlert? TryChooseGroup(scoped in ClientOffer offer, out NamedGroup group, out ReadOnlySpan<byte> share)
    {
        NamedGroup? withoutShare = null;
        foreach (NamedGroup own in _options.Groups)
        {
            if (!offer.Groups.Contains(own)) continue;
            withoutShare ??= own;
            group = own;
            switch (FindShare(offer, own, out share))
            {
                case 0: continue;
                case 1: return null;
                default: return TlsAlert.IllegalParameter; // RFC 8446 §4.2.8: one share of a group at most
            }
        }

        group = withoutShare.GetValueOrDefault();
        share = default;
        return withoutShare is null ? TlsAlert.HandshakeFailure : null;
    }

    private static int FindShare(scoped in ClientOffer offer, NamedGroup group, out ReadOnlySpan<byte> share)
    {
        share = default;
        int count = 0;
        foreach (KeyShareEntry entry in offer.KeyShares)
        {
            if (entry.Group != group) continue;
            share = entry.KeyExchange;
            count++;
        }

        return count;
    }

    // RFC 8446 §4.1.2: the same ClientHello, but for the one share that was asked for.
    private bool IsSecondOf(scoped in ClientOffer offer, CipherSuite suite)
    {
        if (suite != Keys!.CipherSuite || !offer.Random.SequenceEqual(_firstRandom)) return false;
        int count = 0;
        foreach (KeyShareEntry entry in offer.KeyShares)
        {
            if (entry.Group != _retryGroup || ++count > 1) return false;
        }

        return count == 1 && offer.Groups.Contains(_retryGroup);
    }

    private TlsAlert? Retry(ReadOnlySpan<byte> clientHello, scoped in ClientOffer offer, CipherSuite suite, NamedGroup group)
    {
        _firstRandom = offer.Random.ToArray();
        _retryGroup = group;
        Keys = new HandshakeKeys(suite);
        Keys.Transcript.Append(clientHello);
        KeySchedule.ReplaceWithMessageHash(Keys.Transcript);

        Span<byte> buffer = stackalloc byte[64];
        var extensions = new WireWriter(buffer);
        extensions.Write(new SupportedVersionsServerHello(ProtocolVersion.Tls13));
        extensions.Write(new KeyShareHelloRetryRequest(group));
        SendHello(ServerHello.HelloRetryRequestRandom, suite, extensions.Written);
        _state = State.ExpectSecondClientHello;
        return null;
    }

    private void SendServerHello(CipherSuite suite, NamedGroup group, ReadOnlySpan<byte> share)
    {
        Span<byte> random = stackalloc byte[RandomLength];
        _options.Random.FillPublic(random);
        Span<byte> buffer = stackalloc byte[MaxHello];
        var extensions = new WireWriter(buffer);
        extensions.Write(new SupportedVersionsServerHello(ProtocolVersion.Tls13));
        extensions.Write(new KeyShareServerHello { ServerShare = new KeyShareEntry { Group = group, KeyExchange = share } });
        SendHello(random, suite, extensions.Written);
    }

    private void SendHello(ReadOnlySpan<byte> random, CipherSuite suite, ReadOnlySpan<byte> extensions)
    {
        var hello = new ServerHello
        {
            LegacyVersion = ProtocolVersion.Tls12,
            Random = random,
            LegacySessionIdEcho = [],
            CipherSuite = suite,
            Extensions = extensions,
        };
        Span<byte> message = stackalloc byte[MaxHello];
        Send(EncryptionLevel.Initial, message[..hello.Write(message)]);
    }
}
