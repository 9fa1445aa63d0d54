namespace Vpr.Wire.Http3;

/// <summary>GOAWAY: the sender takes nothing from <see cref="Id"/> on.</summary>
/// <remarks>RFC 9114 §7.2.6</remarks>
/// <param name="Id">From a server the first request stream it will not serve; from a client the first push.</param>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x07)]
public readonly partial record struct GoAwayFrame([VarInt] ulong Id);
