namespace Vpr.Wire.Quic;

/// <summary>NEW_CONNECTION_ID: one more connection ID the peer may address the sender by.</summary>
/// <remarks>RFC 9000 §19.15. A <see cref="RetirePriorTo"/> above <see cref="SequenceNumber"/> is a FRAME_ENCODING_ERROR, so it does not parse.</remarks>
[WireFormat(Valid = nameof(RetiresNoLaterOne))]
[MemberOf(typeof(QuicFrame), 0x18)]
public readonly ref partial struct NewConnectionIdFrame
{
    /// <summary>The connection ID's number, given by its issuer.</summary>
    [VarInt]
    public ulong SequenceNumber { get; init; }

    /// <summary>Connection IDs numbered below this are to be retired.</summary>
    [VarInt]
    public ulong RetirePriorTo { get; init; }

    /// <summary>The connection ID, 1 to 20 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 1, Max = 20)]
    public ReadOnlySpan<byte> ConnectionId { get; init; }

    /// <summary>16 bytes that end a stateless reset for this connection ID.</summary>
    [Length(16)]
    public ReadOnlySpan<byte> StatelessResetToken { get; init; }

    private bool RetiresNoLaterOne => RetirePriorTo <= SequenceNumber;
}
