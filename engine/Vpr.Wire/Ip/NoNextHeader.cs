namespace Vpr.Wire.Ip;

/// <summary>Nothing follows; bytes that come nevertheless are passed on unread.</summary>
/// <remarks>RFC 8200 §4.7</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.NoNextHeader)]
public readonly partial record struct NoNextHeader;
