namespace Vpr.Wire.Tls;

/// <summary>ClientHello: what the client can do.</summary>
/// <remarks>RFC 8446 §4.1.2. Every span is a view of the message.</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 1)]
public readonly ref partial struct ClientHello
{
    /// <summary>The version before TLS 1.3 moved it to an extension: 0x0303.</summary>
    public ProtocolVersion LegacyVersion { get; init; }

    /// <summary>32 random bytes.</summary>
    [Length(32)]
    public ReadOnlySpan<byte> Random { get; init; }

    /// <summary>A session ID of TLS 1.2, 0 to 32 bytes; empty over QUIC (RFC 9001 §8.4).</summary>
    [LengthPrefix(Prefix.UInt8, Max = 32)]
    public ReadOnlySpan<byte> LegacySessionId { get; init; }

    /// <summary>The suites the client speaks, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2, Max = 65534)]
    public WireScalarList<CipherSuite> CipherSuites { get; init; }

    /// <summary>Compression methods of TLS 1.2: one byte, 0.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 1)]
    public ReadOnlySpan<byte> LegacyCompressionMethods { get; init; }

    /// <summary>The extensions, a sequence of <see cref="ClientHelloExtension"/>.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 8)]
    public ReadOnlySpan<byte> Extensions { get; init; }
}
