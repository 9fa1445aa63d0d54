namespace Vpr.Wire.Ip;

/// <summary>An IPv6 header; extension headers may follow (<see cref="Ipv6ExtensionHeaders"/>).</summary>
/// <remarks>RFC 8200 §3</remarks>
/// <param name="Version">6.</param>
/// <param name="DifferentiatedServices">The Differentiated Services codepoint (RFC 2474 §3), 6 bits.</param>
/// <param name="Ecn">The ECN codepoint (RFC 3168 §5), 2 bits.</param>
/// <param name="FlowLabel">Names a flow (RFC 6437), 20 bits.</param>
/// <param name="PayloadLength">The length of what follows this header in bytes, extension headers included.</param>
/// <param name="NextHeader">What follows this header.</param>
/// <param name="HopLimit">How many more routers may forward the packet.</param>
/// <param name="SourceAddress">The sender's address, most significant octet first.</param>
/// <param name="DestinationAddress">The receiver's address, most significant octet first.</param>
[WireFormat]
public readonly partial record struct Ipv6Header(
    [Bits(4), Constant(6)] byte Version,
    [Bits(6)] byte DifferentiatedServices,
    [Bits(2)] byte Ecn,
    [Bits(20)] uint FlowLabel,
    ushort PayloadLength,
    IpProtocol NextHeader,
    byte HopLimit,
    UInt128 SourceAddress,
    UInt128 DestinationAddress)
{
    /// <summary>The header's length in bytes.</summary>
    public const int Length = 40;
}
