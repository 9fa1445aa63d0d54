namespace Vpr.Quic;

/// <summary>What a CONNECTION_CLOSE frame of ours says.</summary>
/// <remarks>RFC 9000 §19.19</remarks>
/// <param name="IsApplication">Whether the code is the application's.</param>
/// <param name="ErrorCode">The code.</param>
/// <param name="FrameType">The type of the frame that caused it, or 0.</param>
/// <param name="Phrase">UTF-8 for people, at most <see cref="MaxPhraseLength"/> bytes.</param>
internal readonly record struct CloseReason(bool IsApplication, ulong ErrorCode, ulong FrameType, byte[] Phrase)
{
    /// <summary>The longest phrase that is sent; the frame must fit the smallest packet.</summary>
    public const int MaxPhraseLength = 256;
}
