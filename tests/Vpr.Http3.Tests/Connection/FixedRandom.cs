using Vpr.Io;

namespace Vpr.Http3.Tests;

/// <summary>Numbers that are the same in every run.</summary>
internal sealed class FixedRandom : IRandomSource
{
    private readonly Random _random = new(7);

    public void FillSecret(Span<byte> destination) => _random.NextBytes(destination);

    public void FillPublic(Span<byte> destination) => _random.NextBytes(destination);
}
