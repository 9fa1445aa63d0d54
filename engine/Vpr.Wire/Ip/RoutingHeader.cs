namespace Vpr.Wire.Ip;

/// <summary>Routers that the packet is to visit.</summary>
/// <remarks>RFC 8200 §4.4. Type 0 is forbidden (RFC 5095).</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Routing)]
public readonly ref partial struct RoutingHeader
{
    /// <summary>What follows this header.</summary>
    public IpProtocol NextHeader { get; init; }

    /// <summary>This header's length in units of 8 bytes, the first 8 not counted.</summary>
    public byte HeaderExtensionLength { get; init; }

    /// <summary>What <see cref="TypeSpecificData"/> means.</summary>
    public byte RoutingType { get; init; }

    /// <summary>How many of the listed routers are still to be visited.</summary>
    public byte SegmentsLeft { get; init; }

    /// <summary>The routers, in the type's form: 4 bytes and then a multiple of 8.</summary>
    [LengthFrom(nameof(HeaderExtensionLength), Map = nameof(DataLength))]
    public ReadOnlySpan<byte> TypeSpecificData { get; init; }

    private static int DataLength(byte headerExtensionLength) => (headerExtensionLength + 1) * 8 - 4;
}
