namespace Vpr.Wire.Http3;

/// <summary>MAX_PUSH_ID: how many pushes the server may promise.</summary>
/// <remarks>RFC 9114 §7.2.7</remarks>
/// <param name="PushId">The highest push ID allowed.</param>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x0D)]
public readonly partial record struct MaxPushIdFrame([VarInt] ulong PushId);
