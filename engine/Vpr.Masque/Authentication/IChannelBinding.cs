namespace Vpr.Masque;

/// <summary>What ties an authentication to the connection it comes on, so that it is worth nothing on another.</summary>
/// <remarks>RFC 9266; RFC 8446 §7.5</remarks>
public interface IChannelBinding
{
    /// <summary>Derives a value that both ends of this connection, and nobody else, can derive.</summary>
    /// <param name="label">What for, in ASCII.</param>
    /// <param name="context">More of it; may be empty.</param>
    /// <param name="output">Takes the value.</param>
    void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output);
}
