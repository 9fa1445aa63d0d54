namespace Vpr.Wire.Quic;

/// <summary>DATAGRAM: a message that is not sent again when it is lost.</summary>
/// <remarks>RFC 9221 §4. <see cref="Data"/> is a view of the packet.</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x30, Flags = 0x01)]
public readonly ref partial struct DatagramFrame
{
    /// <summary>LEN bit: the length is present; without it the data reaches to the end of the packet.</summary>
    [TypeBit(0x01)]
    public bool HasLength { get; init; }

    /// <summary>The message.</summary>
    [LengthPrefix(Prefix.VarInt, UnlessRest = nameof(HasLength))]
    public ReadOnlySpan<byte> Data { get; init; }
}
