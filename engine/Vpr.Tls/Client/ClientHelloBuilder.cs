using System.Buffers;
using System.Net;
using System.Text;
using Vpr.Io;
using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>Writes the ClientHello of one handshake: the first, and the second that differs only where RFC 8446 §4.1.2 allows it.</summary>
internal sealed class ClientHelloBuilder
{
    private const int RandomLength = 32;
    private const int MaxExtensions = 64;

    // BoringSSL's GREASE encrypted_client_hello: HKDF-SHA256 and AES-128-GCM, an X25519 key, and one of four payload sizes.
    private const int EncapsulatedKeyLength = 32;
    private const int PayloadUnit = 32;
    private const int MinPayload = 144;

    private readonly ClientHandshakeOptions _options;
    private readonly ClientHelloShape _shape;
    private readonly byte[] _transportParameters;
    private readonly byte[] _random = new byte[RandomLength];
    private readonly byte[] _encryptedClientHello;
    private readonly ExtensionType[] _order;
    private readonly Grease _grease;

    /// <summary>Draws everything that both ClientHellos have in common.</summary>
    public ClientHelloBuilder(ClientHandshakeOptions options, ReadOnlySpan<byte> transportParameters)
    {
        _options = options;
        _shape = options.Shape;
        _transportParameters = transportParameters.ToArray();
        IRandomSource random = options.Random;
        random.FillPublic(_random);
        _grease = Grease.Draw(random);
        _order = [.. _shape.Extensions];
        if (_shape.ShuffleExtensions) Shuffle(_order, random);
        _encryptedClientHello = _order.Contains(ExtensionType.EncryptedClientHello) ? DrawEncryptedClientHello(random) : [];
        bool isAddress = IPAddress.TryParse(options.ServerName, out _);
        ServerName = isAddress || !_order.Contains(ExtensionType.ServerName) ? null : options.ServerName;
    }

    /// <summary>The extensions that every ClientHello for QUIC must have.</summary>
    public static IReadOnlyList<ExtensionType> Indispensable { get; } =
    [
        ExtensionType.SupportedVersions, ExtensionType.SupportedGroups, ExtensionType.KeyShare, ExtensionType.SignatureAlgorithms,
        ExtensionType.ApplicationLayerProtocolNegotiation, ExtensionType.QuicTransportParameters,
    ];

    /// <summary>The name in server_name; null when there is none.</summary>
    public string? ServerName { get; }

    /// <summary>Whether a shape may name <paramref name="type"/>.</summary>
    public static bool CanWrite(ExtensionType type) =>
        Indispensable.Contains(type)
        || type is ExtensionType.ServerName or ExtensionType.PskKeyExchangeModes or ExtensionType.CompressCertificate
            or ExtensionType.ApplicationSettings or ExtensionType.EncryptedClientHello;

    /// <summary>Whether the ClientHello held an extension of <paramref name="type"/>.</summary>
    public bool Offers(ExtensionType type) => type == ExtensionType.ServerName ? ServerName is not null : _order.Contains(type);

    /// <summary>Writes a ClientHello, header included.</summary>
    /// <param name="shares">The key shares, in order.</param>
    /// <param name="isSecond">Whether it answers a HelloRetryRequest.</param>
    /// <param name="cookie">The cookie of a HelloRetryRequest; empty when there is none.</param>
    /// <exception cref="ArgumentException">The options take too much room.</exception>
    public byte[] Build(IReadOnlyList<KeyShare> shares, bool isSecond, ReadOnlySpan<byte> cookie)
    {
        // A first ClientHello is at most MaxClientHello / 2 long, so that a peer's cookie always fits into the second.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(3 * HandshakeLimits.MaxClientHello);
        try
        {
            var extensions = new WireWriter(buffer.AsSpan(0, 2 * HandshakeLimits.MaxClientHello));
            Span<byte> scratch = buffer.AsSpan(2 * HandshakeLimits.MaxClientHello);
            // After a HelloRetryRequest a GREASE share has done its work.
            bool greaseShare = _shape.Grease && !isSecond;
            if (_shape.Grease) WriteRaw(ref extensions, _grease.FirstExtension, []);
            foreach (ExtensionType type in _order) WriteExtension(ref extensions, type, shares, greaseShare, scratch);
            if (!cookie.IsEmpty) extensions.Write(new CookieExtension { Cookie = cookie });
            if (_shape.Grease) WriteRaw(ref extensions, _grease.LastExtension, [0]);

            var hello = new ClientHello
            {
                LegacyVersion = ProtocolVersion.Tls12,
                Random = _random,
                LegacySessionId = [], // RFC 9001 §8.4: no middlebox compatibility mode in QUIC
                CipherSuites = WireScalarList<CipherSuite>.Create(WithGrease(_shape.CipherSuites, (CipherSuite)_grease.CipherSuite), scratch),
                LegacyCompressionMethods = [0],
                Extensions = extensions.Written,
            };
            if (!isSecond && hello.EncodedLength > HandshakeLimits.MaxClientHello / 2)
                throw new ArgumentException("Transport parameters, protocol names and shape make too long a ClientHello.");
            byte[] message = new byte[hello.EncodedLength];
            hello.Write(message);
            return message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void WriteExtension(ref WireWriter writer, ExtensionType type, IReadOnlyList<KeyShare> shares, bool greaseShare, Span<byte> scratch)
    {
        switch (type)
        {
            case ExtensionType.ServerName when ServerName is not null:
                var name = new ServerName { NameType = 0, HostName = Encoding.ASCII.GetBytes(ServerName) };
                WireList<ServerName>.TryParse(scratch[..name.Write(scratch)], out WireList<ServerName> names);
                writer.Write(new ServerNameClientHello { ServerNameList = names });
                break;
            case ExtensionType.SupportedVersions:
                ProtocolVersion[] versions = WithGrease([ProtocolVersion.Tls13], (ProtocolVersion)_grease.Version);
                writer.Write(new SupportedVersionsClientHello { Versions = WireScalarList<ProtocolVersion>.Create(versions, scratch) });
                break;
            case ExtensionType.SupportedGroups:
                NamedGroup[] groups = WithGrease(_shape.Groups, (NamedGroup)_grease.Group);
                writer.Write(new SupportedGroupsExtension { NamedGroupList = WireScalarList<NamedGroup>.Create(groups, scratch) });
                break;
            case ExtensionType.SignatureAlgorithms:
                SignatureScheme[] schemes = [.. _shape.SignatureSchemes];
                writer.Write(new SignatureAlgorithmsExtension { SupportedSignatureAlgorithms = WireScalarList<SignatureScheme>.Create(schemes, scratch) });
                break;
            case ExtensionType.PskKeyExchangeModes:
                writer.Write(new PskKeyExchangeModesExtension { KeModes = WireScalarList<PskKeyExchangeMode>.Create([PskKeyExchangeMode.PskDheKe], scratch) });
                break;
            case ExtensionType.KeyShare:
                writer.Write(new KeyShareClientHello { ClientShares = EncodeShares(shares, greaseShare, scratch) });
                break;
            case ExtensionType.ApplicationLayerProtocolNegotiation:
                writer.Write(new ApplicationLayerProtocolNegotiationExtension { ProtocolNameList = EncodeProtocols(_options.ApplicationProtocols, scratch) });
                break;
            case ExtensionType.ApplicationSettings:
                writer.Write(new ApplicationSettingsClientHello { SupportedProtocols = EncodeProtocols(_options.ApplicationProtocols, scratch) });
                break;
            case ExtensionType.CompressCertificate:
                CertificateCompressionAlgorithm[] algorithms = [CertificateCompressionAlgorithm.Brotli];
                writer.Write(new CompressCertificateExtension { Algorithms = WireScalarList<CertificateCompressionAlgorithm>.Create(algorithms, scratch) });
                break;
            case ExtensionType.QuicTransportParameters:
                writer.Write(new QuicTransportParametersExtension { TransportParameters = _transportParameters });
                break;
            case ExtensionType.EncryptedClientHello:
                WriteRaw(ref writer, (ushort)type, _encryptedClientHello);
                break;
        }
    }

    private WireList<KeyShareEntry> EncodeShares(IReadOnlyList<KeyShare> shares, bool grease, Span<byte> scratch)
    {
        var writer = new WireWriter(scratch);
        if (grease) writer.Write(new KeyShareEntry { Group = (NamedGroup)_grease.Group, KeyExchange = [0] });
        foreach (KeyShare share in shares) writer.Write(new KeyShareEntry { Group = share.Group, KeyExchange = share.PublicShare });
        WireList<KeyShareEntry>.TryParse(writer.Written, out WireList<KeyShareEntry> list);
        return list;
    }

    private static WireList<ProtocolName> EncodeProtocols(IReadOnlyList<string> names, Span<byte> scratch)
    {
        var writer = new WireWriter(scratch);
        foreach (string name in names) writer.Write(new ProtocolName { Name = ApplicationProtocolNames.Encode(name) });
        WireList<ProtocolName>.TryParse(writer.Written, out WireList<ProtocolName> list);
        return list;
    }

    private static void WriteRaw(ref WireWriter writer, ushort type, ReadOnlySpan<byte> body)
    {
        writer.WriteUInt16(type);
        writer.WritePrefixed(Prefix.UInt16, body);
    }

    private T[] WithGrease<T>(IReadOnlyList<T> values, T grease) => _shape.Grease ? [grease, .. values] : [.. values];

    private static byte[] DrawEncryptedClientHello(IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[2];
        random.FillPublic(drawn);
        int payloadLength = MinPayload + PayloadUnit * (drawn[0] % 4);
        byte[] body = new byte[10 + EncapsulatedKeyLength + payloadLength];
        var writer = new WireWriter(body);
        writer.WriteUInt8(0);      // outer
        writer.WriteUInt16(1);     // HKDF-SHA256
        writer.WriteUInt16(1);     // AES-128-GCM
        writer.WriteUInt8(drawn[1]);
        writer.WriteUInt16(EncapsulatedKeyLength);
        random.FillPublic(writer.Rest[..EncapsulatedKeyLength]);
        writer.WriteBytes(writer.Rest[..EncapsulatedKeyLength]);
        writer.WriteUInt16((ushort)payloadLength);
        random.FillPublic(writer.Rest);
        return body;
    }

    private static void Shuffle(Span<ExtensionType> order, IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[MaxExtensions];
        random.FillPublic(drawn[..order.Length]);
        for (int last = order.Length - 1; last > 0; last--)
        {
            int chosen = drawn[last] % (last + 1);
            (order[last], order[chosen]) = (order[chosen], order[last]);
        }
    }
}
