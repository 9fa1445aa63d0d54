namespace Vpr.Wire.Quic;

/// <summary>How many packets the receiver saw with each ECN codepoint, counted per packet number space.</summary>
/// <remarks>RFC 9000 §19.3.2</remarks>
/// <param name="Ect0">Packets received with ECT(0), 0 to 2^62-1.</param>
/// <param name="Ect1">Packets received with ECT(1), 0 to 2^62-1.</param>
/// <param name="Ce">Packets received with ECN-CE, 0 to 2^62-1.</param>
[WireFormat]
public readonly partial record struct EcnCounts([VarInt] ulong Ect0, [VarInt] ulong Ect1, [VarInt] ulong Ce);
