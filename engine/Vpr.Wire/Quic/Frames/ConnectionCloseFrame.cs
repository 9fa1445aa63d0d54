namespace Vpr.Wire.Quic;

/// <summary>CONNECTION_CLOSE: the connection ends now, by QUIC's will (type 0x1c) or the application's (0x1d).</summary>
/// <remarks>RFC 9000 §19.19</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x1C, Flags = 0x01)]
public readonly ref partial struct ConnectionCloseFrame
{
    /// <summary>Whether <see cref="ErrorCode"/> is the application protocol's (true) or QUIC's own (false).</summary>
    [TypeBit(0x01)]
    public bool IsApplication { get; init; }

    /// <summary>Why, in the numbers that <see cref="IsApplication"/> names.</summary>
    [VarInt]
    public ulong ErrorCode { get; init; }

    /// <summary>The type of the frame that caused the error, 0 when not known; absent in the application's form.</summary>
    [When(nameof(IsApplication), Is = false)]
    [VarInt]
    public ulong FrameType { get; init; }

    /// <summary>A reason for people, UTF-8 by convention; it may be empty and is never to be trusted.</summary>
    [LengthPrefix(Prefix.VarInt)]
    public ReadOnlySpan<byte> ReasonPhrase { get; init; }
}
