namespace Vpr.Wire.Http3;

/// <summary>CANCEL_PUSH: a push is not wanted, or will not come.</summary>
/// <remarks>RFC 9114 §7.2.3</remarks>
/// <param name="PushId">The push.</param>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x03)]
public readonly partial record struct CancelPushFrame([VarInt] ulong PushId);
