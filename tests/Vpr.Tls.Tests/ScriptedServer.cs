using Vpr.Testing;
using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

/// <summary>A server that says what a test wants, under the right keys: the way to send a client what <see cref="ServerHandshake"/> never would.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly ClientHandshake _client;
    private readonly ServerCertificate _certificate;
    private readonly SeededRandom _random = new(4);
    private readonly byte[] _clientShare = [];
    private HandshakeKeys? _keys;

    public ScriptedServer(ClientHandshake client, ServerCertificate? certificate = null)
    {
        _client = client;
        _certificate = certificate ?? TestCertificates.EcdsaP256;
        ClientHello = TakeHello();
        Assert.Null(ClientOffer.Read(ClientHello, out ClientOffer offer));
        foreach (KeyShareEntry entry in offer.KeyShares)
        {
            if (entry.Group == NamedGroup.X25519) _clientShare = entry.KeyExchange.ToArray();
        }
    }

    /// <summary>The client's latest ClientHello.</summary>
    public byte[] ClientHello { get; private set; }

    /// <summary>What EncryptedExtensions holds; a good one unless it is set.</summary>
    public byte[] Extensions { get; init; } = [.. Protocols("h3"), .. Extension(ExtensionType.QuicTransportParameters, [1])];

    /// <summary>Messages between EncryptedExtensions and Certificate.</summary>
    public byte[] BeforeCertificate { get; init; } = [];

    /// <summary>The Certificate message; a good one unless it is set.</summary>
    public byte[]? CertificateMessage { get; init; }

    public static byte[] Message(HandshakeType type, params ReadOnlySpan<byte> body) =>
        [(byte)type, .. Prefixed24(body)];

    public static byte[] Extension(ExtensionType type, params ReadOnlySpan<byte> body) =>
        [.. UInt16((ushort)type), .. Prefixed16(body)];

    public static byte[] Prefixed16(params ReadOnlySpan<byte> body) => [.. UInt16(body.Length), .. body];

    public static byte[] Prefixed24(params ReadOnlySpan<byte> body) => [(byte)(body.Length >> 16), .. UInt16(body.Length & 0xFFFF), .. body];

    public static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)(value & 0xFF)];

    public static byte[] Protocols(params string[] names)
    {
        byte[] list = names.SelectMany(name => (byte[])[(byte)name.Length, .. name.Select(c => (byte)c)]).ToArray();
        return Extension(ExtensionType.ApplicationLayerProtocolNegotiation, Prefixed16(list));
    }

    /// <summary>Sends a HelloRetryRequest and takes the second ClientHello, where there is one.</summary>
    public bool Retry(params ReadOnlySpan<byte> extensions)
    {
        _keys = new HandshakeKeys(CipherSuite.Aes128GcmSha256);
        _keys.Transcript.Append(ClientHello);
        KeySchedule.ReplaceWithMessageHash(_keys.Transcript);
        byte[] message = Hello(ServerHello.HelloRetryRequestRandom, [.. Extension(ExtensionType.SupportedVersions, [3, 4]), .. extensions]);
        _keys.Transcript.Append(message);
        if (!_client.Receive(EncryptionLevel.Initial, message)) return false;
        ClientHello = TakeHello();
        return true;
    }

    /// <summary>Sends ServerHello for the X25519 share of the first ClientHello.</summary>
    public bool SendServerHello(CipherSuite suite = CipherSuite.Aes128GcmSha256)
    {
        Span<byte> secret = stackalloc byte[KeyShare.MaxSecretLength];
        Assert.True(KeyShare.TryAnswer(NamedGroup.X25519, _clientShare, _random, out byte[] own, secret, out int length));
        byte[] message = Hello(
            new byte[32],
            [
                .. Extension(ExtensionType.SupportedVersions, [3, 4]),
                .. Extension(ExtensionType.KeyShare, [0, 0x1D, .. Prefixed16(own)]),
            ],
            suite);
        _keys ??= new HandshakeKeys(suite);
        _keys.Transcript.Append(ClientHello);
        _keys.Transcript.Append(message);
        _keys.EnterHandshake(secret[..length]);
        return _client.Receive(EncryptionLevel.Initial, message);
    }

    /// <summary>Sends EncryptedExtensions to Finished.</summary>
    public bool SendFlight() =>
        Send(Message(HandshakeType.EncryptedExtensions, Prefixed16(Extensions)))
        && (BeforeCertificate.Length == 0 || Send(BeforeCertificate))
        && Send(CertificateMessage ?? Chain([.. _certificate.Chain]))
        && Send(Verify())
        && Send(ServerFinished());

    /// <summary>Sends one message at the Handshake level.</summary>
    public bool Send(byte[] message)
    {
        _keys!.Transcript.Append(message);
        return _client.Receive(EncryptionLevel.Handshake, message);
    }

    /// <summary>Takes what the client answers, and checks that its Finished is right.</summary>
    /// <returns>The messages before Finished.</returns>
    public byte[] TakeClientFlight()
    {
        Assert.True(_client.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> flight));
        Assert.Equal(EncryptionLevel.Handshake, level);
        byte[] before = flight[..^36].ToArray();
        _keys!.Transcript.Append(before);
        byte[] verifyData = new byte[32];
        _keys.Finished(_keys.ClientHandshakeTraffic, verifyData);
        Assert.Equal(verifyData, flight[^32..].ToArray());
        return before;
    }

    public static byte[] Chain(params byte[][] certificates)
    {
        byte[] entries = certificates.SelectMany(der => (byte[])[.. Prefixed24(der), 0, 0]).ToArray();
        return Message(HandshakeType.Certificate, [0, .. Prefixed24(entries)]);
    }

    public void Dispose() => _keys?.Dispose();

    private static byte[] Hello(ReadOnlySpan<byte> random, ReadOnlySpan<byte> extensions, CipherSuite suite = CipherSuite.Aes128GcmSha256) =>
        Message(HandshakeType.ServerHello, [3, 3, .. random, 0, .. UInt16((ushort)suite), 0, .. Prefixed16(extensions)]);

    private byte[] Verify()
    {
        byte[] signature = _certificate.Sign(SignatureScheme.EcdsaSecp256r1Sha256, CertificateVerifyInput.Server(_keys!.Transcript, new byte[CertificateVerifyInput.MaxLength]));
        return Message(HandshakeType.CertificateVerify, [4, 3, .. Prefixed16(signature)]);
    }

    private byte[] ServerFinished()
    {
        byte[] verifyData = new byte[32];
        _keys!.Finished(_keys.ServerHandshakeTraffic, verifyData);
        return Message(HandshakeType.Finished, verifyData);
    }

    private byte[] TakeHello()
    {
        Assert.True(_client.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> hello));
        Assert.Equal(EncryptionLevel.Initial, level);
        return hello.ToArray();
    }
}
