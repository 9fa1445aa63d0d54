namespace Vpr.Wire.Generator.Model;

/// <summary>One part of a structure, in wire order.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Local">The name of the local that holds it in the parser.</param>
/// <param name="Type">The property's type as written in emitted code.</param>
/// <param name="When">What must hold for the part to be present; null: it always is.</param>
/// <param name="IsSettable">Whether the parser hands the value over; a constant may have no accessor for it.</param>
internal abstract record Part(string Name, string Local, string Type, Condition? When, bool IsSettable);

/// <summary>An integer, an enum, a wrapper of an integer, or a flag.</summary>
/// <param name="Scalar">What its type is made of.</param>
/// <param name="Encoding">How it is written.</param>
/// <param name="Bits">Width in bits for <see cref="ScalarEncoding.Fixed"/> and <see cref="ScalarEncoding.Bits"/>.</param>
/// <param name="Mask">The bit of the type for <see cref="ScalarEncoding.TypeBit"/>.</param>
/// <param name="Constant">The only value allowed.</param>
/// <param name="Between">The values allowed.</param>
internal sealed record ScalarPart(
    string Name, string Local, string Type, Condition? When, bool IsSettable,
    ScalarType Scalar, ScalarEncoding Encoding, int Bits, ulong Mask, ulong? Constant, Bounds? Between)
    : Part(Name, Local, Type, When, IsSettable);

/// <summary>A span of bytes, a list or a nested structure.</summary>
/// <param name="Content">What the bytes are.</param>
/// <param name="Extent">Where they end.</param>
internal sealed record BytesPart(
    string Name, string Local, string Type, Condition? When, bool IsSettable, Content Content, Extent Extent)
    : Part(Name, Local, Type, When, IsSettable);

/// <summary>The part is present if another has a value.</summary>
/// <param name="Part">The other part's name.</param>
/// <param name="Value">The value; for a bool 0 or 1.</param>
internal sealed record Condition(string Part, ulong Value);

internal sealed record Bounds(ulong Minimum, ulong Maximum);

internal enum ScalarEncoding { Fixed, VarInt, Bits, TypeBit }

internal enum Content { Span, List, ScalarList, Nested }

internal enum ScalarShape { Plain, Bool, Enum, Wrapper }

/// <summary>What a scalar's type is made of.</summary>
/// <param name="Raw">The keyword of the unsigned integer that holds it, or <c>UInt128</c>, or <c>bool</c>.</param>
/// <param name="Width">The width of that integer in bits.</param>
/// <param name="Inner">The property of a wrapper that holds the integer.</param>
internal sealed record ScalarType(string Raw, int Width, ScalarShape Shape, string? Inner);
