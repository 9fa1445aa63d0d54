namespace Vpr.Wire.Tls;

/// <summary>supported_groups: the key agreements the sender knows, most wanted first.</summary>
/// <remarks>RFC 8446 §4.2.7</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 10)]
[MemberOf(typeof(EncryptedExtensionsExtension), 10)]
public readonly ref partial struct SupportedGroupsExtension
{
    /// <summary>The groups.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2)]
    public WireScalarList<NamedGroup> NamedGroupList { get; init; }
}
