using Vpr.Wire.Masque;

namespace Vpr.Wire.Noise;

/// <summary>Tells what a datagram context's payloads are, before the first is sent.</summary>
/// <remarks>The tunnel's own capsule. Datagrams of a context that is not registered yet may be dropped (RFC 9298 §4).</remarks>
/// <param name="ContextId">The context, not 0; even from a client, odd from a server.</param>
/// <param name="Format">What its payloads are.</param>
/// <param name="Epoch">The first epoch its datagrams use.</param>
[WireFormat]
[MemberOf(typeof(Capsule), TunnelCapsuleType.RegisterContext)]
public readonly partial record struct RegisterContextCapsule(
    [VarInt, Between(1, (1UL << 62) - 1)] ulong ContextId,
    [VarInt] ContextFormat Format,
    byte Epoch);
