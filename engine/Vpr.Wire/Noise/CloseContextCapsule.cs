using Vpr.Wire.Masque;

namespace Vpr.Wire.Noise;

/// <summary>Ends a datagram context, or refuses one that was registered.</summary>
/// <remarks>The tunnel's own capsule.</remarks>
/// <param name="ContextId">The context, not 0.</param>
[WireFormat]
[MemberOf(typeof(Capsule), TunnelCapsuleType.CloseContext)]
public readonly partial record struct CloseContextCapsule([VarInt, Between(1, (1UL << 62) - 1)] ulong ContextId);
