namespace Vpr.Wire.Generator.Tests.Samples;

[WireScalar]
public readonly record struct StreamId(ulong Value);

public enum ErrorCode : ulong
{
    NoError = 0,
    InternalError = 1,
}

[WireFamily(TypeEncoding.VarInt, ShortestType = true)]
public static partial class Frame;

[WireFormat, MemberOf(typeof(Frame), 0x01)]
public readonly partial record struct PingFrame;

[WireFormat, MemberOf(typeof(Frame), 0x10)]
public readonly partial record struct MaxDataFrame([property: VarInt] ulong MaximumData);

[WireFormat, MemberOf(typeof(Frame), 0x02, Flags = 0x01)]
public readonly ref partial struct AckFrame
{
    [TypeBit(0x01)]
    public bool HasEcn { get; init; }

    [VarInt]
    public ulong LargestAcknowledged { get; init; }

    [VarInt]
    public ulong Delay { get; init; }

    [VarInt]
    public ulong RangeCount { get; init; }

    [VarInt]
    public ulong FirstRange { get; init; }

    [CountFrom(nameof(RangeCount))]
    public WireList<AckRange> Ranges { get; init; }

    [When(nameof(HasEcn)), VarInt]
    public ulong Ect0 { get; init; }

    [When(nameof(HasEcn)), VarInt]
    public ulong Ect1 { get; init; }

    [When(nameof(HasEcn)), VarInt]
    public ulong Ce { get; init; }
}

[WireFormat]
public readonly partial record struct AckRange([VarInt] ulong Gap, [VarInt] ulong Length);

[WireFormat, MemberOf(typeof(Frame), 0x08, Flags = 0x07)]
public readonly ref partial struct StreamFrame
{
    [TypeBit(0x04)]
    public bool HasOffset { get; init; }

    [TypeBit(0x02)]
    public bool HasLength { get; init; }

    [TypeBit(0x01)]
    public bool Fin { get; init; }

    [VarInt]
    public StreamId Stream { get; init; }

    [When(nameof(HasOffset)), VarInt]
    public ulong Offset { get; init; }

    [LengthPrefix(Prefix.VarInt, UnlessRest = nameof(HasLength))]
    public ReadOnlySpan<byte> Data { get; init; }
}

[WireFormat, MemberOf(typeof(Frame), 0x30, Flags = 0x01)]
public readonly ref partial struct DatagramFrame
{
    [TypeBit(0x01)]
    public bool HasLength { get; init; }

    [LengthPrefix(Prefix.VarInt, UnlessRest = nameof(HasLength))]
    public ReadOnlySpan<byte> Data { get; init; }
}

[WireFormat, MemberOf(typeof(Frame), 0x1c, Flags = 0x01)]
public readonly ref partial struct CloseFrame
{
    [TypeBit(0x01)]
    public bool IsApplication { get; init; }

    [VarInt]
    public ErrorCode Error { get; init; }

    [When(nameof(IsApplication), Is = false), VarInt]
    public ulong FrameType { get; init; }

    [LengthPrefix(Prefix.VarInt)]
    public ReadOnlySpan<byte> Reason { get; init; }
}

[WireFormat, MemberOf(typeof(Frame), 0x18)]
public readonly ref partial struct NewConnectionIdFrame
{
    [VarInt]
    public ulong Sequence { get; init; }

    [VarInt]
    public ulong RetirePriorTo { get; init; }

    [LengthPrefix(Prefix.UInt8, Min = 1, Max = 20)]
    public ReadOnlySpan<byte> ConnectionId { get; init; }

    [Length(16)]
    public ReadOnlySpan<byte> ResetToken { get; init; }
}
