namespace Vpr.Wire.Tls;

/// <summary>The name of an application protocol, such as <c>h3</c>.</summary>
/// <remarks>RFC 7301 §3.1</remarks>
[WireFormat]
public readonly ref partial struct ProtocolName
{
    /// <summary>The name, 1 to 255 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 1)]
    public ReadOnlySpan<byte> Name { get; init; }
}
