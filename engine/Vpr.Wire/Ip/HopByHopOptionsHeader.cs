namespace Vpr.Wire.Ip;

/// <summary>Options for every router on the way.</summary>
/// <remarks>RFC 8200 §4.3</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.HopByHopOptions)]
public readonly ref partial struct HopByHopOptionsHeader
{
    /// <summary>What follows this header.</summary>
    public IpProtocol NextHeader { get; init; }

    /// <summary>This header's length in units of 8 bytes, the first 8 not counted.</summary>
    public byte HeaderExtensionLength { get; init; }

    /// <summary>The options, padded: 6 bytes and then a multiple of 8.</summary>
    [LengthFrom(nameof(HeaderExtensionLength), Map = nameof(OptionsLength))]
    public ReadOnlySpan<byte> Options { get; init; }

    private static int OptionsLength(byte headerExtensionLength) => (headerExtensionLength + 1) * 8 - 2;
}
