namespace Vpr.Wire.Tls;

/// <summary>ServerHello, or the HelloRetryRequest that has its form.</summary>
/// <remarks>RFC 8446 §4.1.3, §4.1.4. Every span is a view of the message.</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 2)]
public readonly ref partial struct ServerHello
{
    /// <summary>The version before TLS 1.3 moved it to an extension: 0x0303.</summary>
    public ProtocolVersion LegacyVersion { get; init; }

    /// <summary>32 random bytes, or <see cref="HelloRetryRequestRandom"/>.</summary>
    [Length(32)]
    public ReadOnlySpan<byte> Random { get; init; }

    /// <summary>The client's legacy session ID, 0 to 32 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Max = 32)]
    public ReadOnlySpan<byte> LegacySessionIdEcho { get; init; }

    /// <summary>The suite the server chose.</summary>
    public CipherSuite CipherSuite { get; init; }

    /// <summary>0.</summary>
    [Constant(0)]
    public byte LegacyCompressionMethod => 0;

    /// <summary>The extensions: a sequence of <see cref="ServerHelloExtension"/>, or of <see cref="HelloRetryRequestExtension"/>.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 6)]
    public ReadOnlySpan<byte> Extensions { get; init; }

    /// <summary>The value of <see cref="Random"/> that makes the message a HelloRetryRequest: SHA-256 of "HelloRetryRequest".</summary>
    public static ReadOnlySpan<byte> HelloRetryRequestRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Whether the message is a HelloRetryRequest.</summary>
    public bool IsHelloRetryRequest => Random.SequenceEqual(HelloRetryRequestRandom);
}
