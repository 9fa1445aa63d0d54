namespace Vpr.Wire.Generator.Tests.Samples;

[WireFamily(TypeEncoding.VarInt, Length = Prefix.VarInt)]
internal static partial class Capsule;

[WireFormat, MemberOf(typeof(Capsule), 0x00)]
internal readonly ref partial struct DatagramCapsule
{
    [Rest]
    public ReadOnlySpan<byte> Payload { get; init; }
}

[WireFormat, MemberOf(typeof(Capsule), 0x01)]
internal readonly ref partial struct AddressAssignCapsule
{
    [Rest]
    public WireList<AssignedAddress> Addresses { get; init; }
}

[WireFormat, MemberOf(typeof(Capsule), 0x1b7f)]
internal readonly partial record struct EpochCapsule(byte Epoch, uint Count);

[WireFormat(Valid = nameof(IsPrefixLengthInRange))]
internal readonly ref partial struct AssignedAddress
{
    [VarInt]
    public ulong RequestId { get; init; }

    public byte IpVersion { get; init; }

    [LengthFrom(nameof(IpVersion), Map = nameof(AddressLength))]
    public ReadOnlySpan<byte> Address { get; init; }

    public byte PrefixLength { get; init; }

    private bool IsPrefixLengthInRange => PrefixLength <= Address.Length * 8;

    private static int AddressLength(byte version) => version switch { 4 => 4, 6 => 16, _ => -1 };
}
