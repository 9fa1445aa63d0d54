namespace Vpr.Wire.Tls;

/// <summary>key_share in a HelloRetryRequest: the group the server wants a share of.</summary>
/// <remarks>RFC 8446 §4.2.8</remarks>
/// <param name="SelectedGroup">The group.</param>
[WireFormat]
[MemberOf(typeof(HelloRetryRequestExtension), 51)]
public readonly partial record struct KeyShareHelloRetryRequest(NamedGroup SelectedGroup);
