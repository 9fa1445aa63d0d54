namespace Vpr.Wire.Masque;

/// <summary>The capsules of a request stream's data.</summary>
/// <remarks>
/// RFC 9297 §3.2, RFC 9484 §4.7. Capsules come in a stream: one whose end is not there yet is <see cref="WireStatus.NeedMoreData"/>, and a
/// receiver bounds the length it is ready to buffer (<c>TryParseHeader</c>). Unknown types are skipped. The tunnel's own capsules
/// are in <see cref="Vpr.Wire.Noise"/>; their types are large numbers nobody registered, as provisional ones should be (RFC 9000 §22.1.2).
/// </remarks>
[WireFamily(TypeEncoding.VarInt, Length = Prefix.VarInt)]
public static partial class Capsule;
