namespace Samples.Shapes;

using System;
using Vpr.Wire;

public enum Color : byte
{
    Red,
    Green,
}

[WireFormat]
public readonly partial record struct Integers(
    [UInt(24)] uint Three, [UInt(40)] ulong Five, [UInt(48)] ulong Six, [UInt(56)] ulong Seven, [UInt(16)] ulong Two, [UInt(8)] UInt128 One);

[WireFormat]
public readonly partial record struct Fields(
    [Bits(2)] Color Color, bool Flag, [Bits(5)] byte Five, [Bits(24)] uint Wide, [Bits(40)] ulong Wider, [Bits(1), Constant(1)] bool One, [Bits(7)] byte Seven);

[WireFormat]
public readonly partial record struct Point(ushort X, [VarInt] ulong Y);

[WireFormat]
public readonly partial record struct Segment(Point From, Point To, byte Mark);

[WireFormat]
public readonly ref partial struct Optional
{
    public bool HasPoint { get; init; }

    public bool HasName { get; init; }

    [Bits(6)]
    public byte Kind { get; init; }

    [When(nameof(HasPoint))]
    public Point Point { get; init; }

    [When(nameof(Kind), Is = 3)]
    public byte Extra { get; init; }

    [When(nameof(Kind), Is = 3)]
    public ushort More { get; init; }

    [When(nameof(HasName)), LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> Name { get; init; }

    public uint Tail { get; init; }
}

[WireFormat]
public readonly ref partial struct Delimited
{
    [LengthPrefix(Prefix.UInt24)]
    public Point Inner { get; init; }

    [Length(4)]
    public WireScalarList<ushort> Pair { get; init; }

    [VarInt]
    public ulong Count { get; init; }

    [LengthFrom(nameof(Count))]
    public ReadOnlySpan<byte> Counted { get; init; }

    public uint Words { get; init; }

    [LengthFrom(nameof(Words), Unit = 4, Bias = 1)]
    public ReadOnlySpan<byte> Padded { get; init; }

    public bool IsPrefixed { get; init; }

    [Bits(7), Between(1, 9)]
    public byte Digit { get; init; }

    [LengthPrefix(Prefix.UInt16, UnlessRest = nameof(IsPrefixed))]
    public ReadOnlySpan<byte> Last { get; init; }
}

[WireFormat]
public readonly ref partial struct Trailing
{
    public bool HasPoints { get; init; }

    [Bits(7), Constant(2)]
    public byte Two => 2;

    [When(nameof(HasPoints)), Rest]
    public WireList<Point> Points { get; init; }
}
