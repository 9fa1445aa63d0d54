namespace Vpr.Wire.Ip;

/// <summary>The headers that may follow an IP header; the header before says which.</summary>
/// <remarks>RFC 8200 §4.1; the type is an <see cref="IpProtocol"/> that the caller has read.</remarks>
[WireFamily(TypeEncoding.External)]
public static partial class IpNextHeader;
