using Vpr.Io;

namespace Vpr.Noise.Tests;

/// <summary>Gives bytes that a vector prescribes, and no more than those.</summary>
internal sealed class FixedRandomSource(byte[] bytes) : IRandomSource
{
    private int _given;

    public void FillSecret(Span<byte> destination)
    {
        bytes.AsSpan(_given, destination.Length).CopyTo(destination);
        _given += destination.Length;
    }

    public void FillPublic(Span<byte> destination) => throw new InvalidOperationException("A handshake asks for secret bytes alone.");
}

/// <summary>Reproducible bytes; a failing test names its seed.</summary>
internal sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void FillSecret(Span<byte> destination) => _random.NextBytes(destination);

    public void FillPublic(Span<byte> destination) => _random.NextBytes(destination);
}
