namespace Vpr.Wire.Quic;

/// <summary>CRYPTO: a piece of the TLS handshake's byte stream at one encryption level.</summary>
/// <remarks>RFC 9000 §19.6. <see cref="Data"/> is a view of the packet.</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x06)]
public readonly ref partial struct CryptoFrame
{
    /// <summary>Where the data belongs in the stream, in bytes from its start.</summary>
    [VarInt]
    public ulong Offset { get; init; }

    /// <summary>The handshake bytes.</summary>
    [LengthPrefix(Prefix.VarInt)]
    public ReadOnlySpan<byte> Data { get; init; }
}
