namespace Vpr.Quic.Recovery;

/// <summary>What must be remembered of one sent frame until its packet is acknowledged or lost: a reference to the data, never the data.</summary>
/// <remarks>RFC 9000 §13.3. 24 bytes; what the fields mean for each kind stands at <see cref="SentFrameKind"/>.</remarks>
/// <param name="Id">Stream id, sequence number or stream direction.</param>
/// <param name="Offset">Offset in a stream, limit, or packet number.</param>
/// <param name="Length">Bytes of stream or crypto data.</param>
/// <param name="Kind">Which frame.</param>
/// <param name="Fin">Whether a STREAM frame carried FIN.</param>
internal readonly record struct SentFrame(ulong Id, ulong Offset, int Length, SentFrameKind Kind, bool Fin)
{
    /// <summary>A CRYPTO frame.</summary>
    public static SentFrame Crypto(ulong offset, int length) => new(0, offset, length, SentFrameKind.Crypto, false);

    /// <summary>A STREAM frame.</summary>
    public static SentFrame Stream(StreamId id, ulong offset, int length, bool fin) => new(id.Value, offset, length, SentFrameKind.Stream, fin);

    /// <summary>Any other frame.</summary>
    public static SentFrame Other(SentFrameKind kind, ulong id = 0, ulong value = 0) => new(id, value, 0, kind, false);
}
