namespace Vpr.Fuzz;

/// <summary>
/// Shows an input to a target twice: at the very end of an array, and in the midst of other bytes. A read beyond the input throws the
/// first time, or sees something else the second time.
/// </summary>
internal sealed class InputGuard
{
    /// <summary>The longest input, in bytes.</summary>
    public const int MaxLength = 1 << 17;

    private const int Margin = 256;
    private readonly byte[] _end = new byte[MaxLength];
    private readonly byte[] _midst = new byte[MaxLength + (2 * Margin)];

    /// <summary>Checks one input.</summary>
    /// <returns>Whether the target made anything of it.</returns>
    public bool Check(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        Span<byte> atEnd = _end.AsSpan(MaxLength - input.Length);
        input.CopyTo(atEnd);
        ulong digest = target.Check(atEnd);

        Span<byte> surrounded = _midst.AsSpan(0, input.Length + (2 * Margin));
        surrounded[..Margin].Fill(0xA5);
        input.CopyTo(surrounded[Margin..]);
        surrounded[^Margin..].Fill(0x5A);
        ulong again = target.Check(surrounded.Slice(Margin, input.Length));
        FuzzViolationException.Require(digest == again, "What surrounds the input changed what was read.");
        FuzzViolationException.Require(surrounded.Slice(Margin, input.Length).SequenceEqual(input), "The input was written to.");
        return digest != 0;
    }
}
