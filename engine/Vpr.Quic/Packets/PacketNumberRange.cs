namespace Vpr.Quic;

/// <summary>Consecutive packet numbers, both ends included.</summary>
/// <param name="Smallest">The first number.</param>
/// <param name="Largest">The last number, not below <paramref name="Smallest"/>.</param>
internal readonly record struct PacketNumberRange(ulong Smallest, ulong Largest);
