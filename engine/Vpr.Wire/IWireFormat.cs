namespace Vpr.Wire;

/// <summary>What the generator adds to every declared structure.</summary>
/// <typeparam name="TSelf">The structure.</typeparam>
public interface IWireFormat<TSelf>
    where TSelf : IWireFormat<TSelf>, allows ref struct
{
    /// <summary>Parses a structure at the beginning of <paramref name="source"/>.</summary>
    /// <param name="source">Bytes as received. A view keeps spans of them and is valid as long as they are.</param>
    /// <param name="value">The structure; the default where parsing fails.</param>
    /// <param name="consumed">Bytes taken; 0 where parsing fails.</param>
    /// <returns>False where the source ends early or breaks a rule of the structure. Never throws.</returns>
    static abstract bool TryParse(ReadOnlySpan<byte> source, out TSelf value, out int consumed);

    /// <summary>The length in bytes that <see cref="Write"/> takes.</summary>
    int EncodedLength { get; }

    /// <summary>Writes the structure to the beginning of <paramref name="destination"/>.</summary>
    /// <param name="destination">Room for <see cref="EncodedLength"/> bytes or more.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is too small, or a value does not fit its field: misuse by the caller.</exception>
    int Write(Span<byte> destination);
}
