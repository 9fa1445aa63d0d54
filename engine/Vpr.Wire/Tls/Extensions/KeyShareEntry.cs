namespace Vpr.Wire.Tls;

/// <summary>One end's part of a key agreement.</summary>
/// <remarks>RFC 8446 §4.2.8</remarks>
[WireFormat]
public readonly ref partial struct KeyShareEntry
{
    /// <summary>The key agreement.</summary>
    public NamedGroup Group { get; init; }

    /// <summary>The public value, at least one byte; its length is the group's.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public ReadOnlySpan<byte> KeyExchange { get; init; }
}
