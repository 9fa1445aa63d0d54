namespace Vpr.Wire.Quic;

/// <summary>STREAM: a piece of a stream's bytes.</summary>
/// <remarks>RFC 9000 §19.8. <see cref="Data"/> is a view of the packet. That offset and length together stay below 2^62 is flow control's check.</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x08, Flags = 0x07)]
public readonly ref partial struct StreamFrame
{
    /// <summary>OFF bit: the offset is present; without it the data starts the stream.</summary>
    [TypeBit(0x04)]
    public bool HasOffset { get; init; }

    /// <summary>LEN bit: the length is present; without it the data reaches to the end of the packet.</summary>
    [TypeBit(0x02)]
    public bool HasLength { get; init; }

    /// <summary>FIN bit: the data ends the stream.</summary>
    [TypeBit(0x01)]
    public bool Fin { get; init; }

    /// <summary>The stream, 0 to 2^62-1.</summary>
    [VarInt]
    public ulong StreamId { get; init; }

    /// <summary>Where the data belongs in the stream, in bytes from its start; 0 when <see cref="HasOffset"/> is false.</summary>
    [When(nameof(HasOffset))]
    [VarInt]
    public ulong Offset { get; init; }

    /// <summary>The stream's bytes.</summary>
    [LengthPrefix(Prefix.VarInt, UnlessRest = nameof(HasLength))]
    public ReadOnlySpan<byte> Data { get; init; }
}
