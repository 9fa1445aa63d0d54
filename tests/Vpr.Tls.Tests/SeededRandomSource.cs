using Vpr.Io;

namespace Vpr.Tls.Tests;

/// <summary>Randomness that a seed decides, so that a failure can be run again.</summary>
internal sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void FillSecret(Span<byte> destination) => _random.NextBytes(destination);

    public void FillPublic(Span<byte> destination) => _random.NextBytes(destination);
}
