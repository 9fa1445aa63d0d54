namespace Vpr.Wire.Masque;

/// <summary>ADDRESS_REQUEST: the sender asks for addresses.</summary>
/// <remarks>RFC 9484 §4.7.2. One that asks for nothing does not parse.</remarks>
[WireFormat(Valid = nameof(AsksForSomething))]
[MemberOf(typeof(Capsule), 0x02)]
public readonly ref partial struct AddressRequestCapsule
{
    /// <summary>The addresses, at least one.</summary>
    [Rest]
    public WireList<RequestedAddress> RequestedAddresses { get; init; }

    private bool AsksForSomething => !RequestedAddresses.IsEmpty;
}
