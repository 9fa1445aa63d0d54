namespace Vpr.Wire.Http3;

/// <summary>The frames of HTTP/3.</summary>
/// <remarks>
/// RFC 9114 §7.1, §7.2. Frames come in a stream: one whose end is not there yet is <see cref="WireStatus.NeedMoreData"/>. DATA may be
/// larger than any buffer, so a receiver reads its type and length alone (<c>TryParseHeader</c>) and passes its payload on as it comes.
/// Unknown types are skipped (§9); those that HTTP/2 alone knows (0x02, 0x06, 0x08, 0x09) are H3_FRAME_UNEXPECTED (§7.2.8).
/// </remarks>
[WireFamily(TypeEncoding.VarInt, Length = Prefix.VarInt)]
public static partial class Http3Frame;
