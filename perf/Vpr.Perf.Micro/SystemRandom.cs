using System.Security.Cryptography;
using Vpr.Io;

namespace Vpr.Perf.Micro;

/// <summary>The system's randomness, as hosts use it.</summary>
internal sealed class SystemRandom : IRandomSource
{
    /// <inheritdoc/>
    public void FillSecret(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    /// <inheritdoc/>
    public void FillPublic(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
