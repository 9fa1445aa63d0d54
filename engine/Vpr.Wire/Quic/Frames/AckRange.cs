namespace Vpr.Wire.Quic;

/// <summary>One gap and the run of acknowledged packets below it, counted down from the range before.</summary>
/// <remarks>RFC 9000 §19.3.1. Both numbers are one less than what they count; <see cref="AckFrame.GetEnumerator"/> does the sums.</remarks>
/// <param name="Gap">Packets not acknowledged, less one.</param>
/// <param name="AckRangeLength">Packets acknowledged, less one.</param>
[WireFormat]
public readonly partial record struct AckRange([VarInt] ulong Gap, [VarInt] ulong AckRangeLength);
