using Vpr.Io;

namespace Vpr.Crypto.Tests;

/// <summary>Reproducible bytes; a failing test names its seed.</summary>
internal sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void FillSecret(Span<byte> destination) => _random.NextBytes(destination);

    public void FillPublic(Span<byte> destination) => _random.NextBytes(destination);
}
