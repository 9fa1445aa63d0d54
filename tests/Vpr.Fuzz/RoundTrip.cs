namespace Vpr.Fuzz;

/// <summary>What is promised of every structure, whatever it is.</summary>
internal static class RoundTrip
{
    [ThreadStatic]
    private static byte[]? s_first;

    [ThreadStatic]
    private static byte[]? s_second;

    /// <summary>Parses the beginning of an input, and writes and parses again what was found.</summary>
    /// <returns>A digest of what was found; 0 where nothing was.</returns>
    public static ulong Check<T>(ReadOnlySpan<byte> input)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        if (!T.TryParse(input, out T value, out int consumed))
        {
            FuzzViolationException.Require(consumed == 0, "A parser that fails consumes nothing.");
            return 0;
        }
        FuzzViolationException.Require(consumed >= 0 && consumed <= input.Length, "A parser consumes no more than there is.");
        ReadOnlySpan<byte> written = Rewrite(in value);
        FuzzViolationException.Require(written.Length <= consumed, "The writer is never longer than what was read.");
        // A longer input had an integer in more bytes than it needs; one as long can only be the same.
        if (written.Length == consumed)
            FuzzViolationException.Require(written.SequenceEqual(input[..consumed]), "What was read is written as it was.");
        var digest = new Digest();
        digest.Add((ulong)consumed);
        digest.Add(written);
        return digest.Value;
    }

    /// <summary>Writes a value that was parsed, parses it again and writes that.</summary>
    /// <returns>The encoding, valid until the next call on this thread.</returns>
    public static ReadOnlySpan<byte> Rewrite<T>(scoped in T value)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        Span<byte> first = (s_first ??= new byte[InputGuard.MaxLength]).AsSpan(0, value.EncodedLength);
        Span<byte> second = (s_second ??= new byte[InputGuard.MaxLength]).AsSpan(0, first.Length);
        FuzzViolationException.Require(value.Write(first) == first.Length, "EncodedLength is what Write takes.");
        FuzzViolationException.Require(T.TryParse(first, out T again, out int consumed), "What was written parses.");
        FuzzViolationException.Require(consumed == first.Length, "What was written parses to its end.");
        FuzzViolationException.Require(again.EncodedLength == first.Length && again.Write(second) == first.Length, "It is written with the same length.");
        FuzzViolationException.Require(first.SequenceEqual(second), "Parse and write are inverse.");
        return first;
    }
}
