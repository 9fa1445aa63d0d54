namespace Vpr.Wire.Quic;

/// <summary>PATH_CHALLENGE: asks whether the peer can be reached on a path.</summary>
/// <remarks>RFC 9000 §19.17</remarks>
/// <param name="Data">8 unpredictable bytes, read as one big-endian number; the answer carries them back.</param>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x1A)]
public readonly partial record struct PathChallengeFrame(ulong Data);
