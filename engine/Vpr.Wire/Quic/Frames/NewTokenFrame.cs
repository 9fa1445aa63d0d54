namespace Vpr.Wire.Quic;

/// <summary>NEW_TOKEN: a token that validates the client's address in a later connection's Initial packet.</summary>
/// <remarks>RFC 9000 §19.7: an empty token is a FRAME_ENCODING_ERROR, so it does not parse.</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x07)]
public readonly ref partial struct NewTokenFrame
{
    /// <summary>The token, opaque to the client, at least one byte.</summary>
    [LengthPrefix(Prefix.VarInt, Min = 1)]
    public ReadOnlySpan<byte> Token { get; init; }
}
