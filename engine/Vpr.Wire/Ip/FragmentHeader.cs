namespace Vpr.Wire.Ip;

/// <summary>Marks a part of a packet that its sender cut.</summary>
/// <remarks>RFC 8200 §4.5</remarks>
/// <param name="NextHeader">What the fragmentable part begins with.</param>
/// <param name="Reserved">0; ignored by receivers.</param>
/// <param name="FragmentOffset">Where the fragment belongs, in units of 8 bytes, 13 bits.</param>
/// <param name="Reserved2">0; ignored by receivers.</param>
/// <param name="MoreFragments">Whether a later fragment exists.</param>
/// <param name="Identification">Names the fragments of one packet.</param>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Fragment)]
public readonly partial record struct FragmentHeader(
    IpProtocol NextHeader,
    byte Reserved,
    [Bits(13)] ushort FragmentOffset,
    [Bits(2)] byte Reserved2,
    [Bits] bool MoreFragments,
    uint Identification);
