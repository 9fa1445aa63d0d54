namespace Vpr.Wire.Masque;

/// <summary>ADDRESS_ASSIGN: all addresses that the receiver has from now on.</summary>
/// <remarks>RFC 9484 §4.7.1. A later capsule replaces the whole list; an empty one takes everything back.</remarks>
[WireFormat]
[MemberOf(typeof(Capsule), 0x01)]
public readonly ref partial struct AddressAssignCapsule
{
    /// <summary>The addresses.</summary>
    [Rest]
    public WireList<AssignedAddress> AssignedAddresses { get; init; }
}
