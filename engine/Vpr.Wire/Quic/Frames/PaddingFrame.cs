namespace Vpr.Wire.Quic;

/// <summary>PADDING: one byte, 0, that makes a packet longer.</summary>
/// <remarks>RFC 9000 §19.1. It comes in long runs, which a receiver passes over at once with <see cref="RunLength"/>.</remarks>
[WireFormat]
[MemberOf(typeof(QuicFrame), 0x00)]
public readonly partial record struct PaddingFrame
{
    /// <summary>How many PADDING frames stand at the beginning of a payload.</summary>
    /// <param name="payload">What is left of a packet's payload.</param>
    /// <returns>Frames, which are bytes; 0 when another frame comes first.</returns>
    public static int RunLength(ReadOnlySpan<byte> payload)
    {
        int run = payload.IndexOfAnyExcept((byte)0);
        return run < 0 ? payload.Length : run;
    }
}
