namespace Vpr.Wire.Quic;

/// <summary>PATH_RESPONSE: the answer to a <see cref="PathChallengeFrame"/>.</summary>
/// <remarks>RFC 9000 §19.18</remarks>
/// <param name="Data">The challenge's 8 bytes, read as one big-endian number.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x1B)]
public readonly partial record struct PathResponseFrame(ulong Data);
