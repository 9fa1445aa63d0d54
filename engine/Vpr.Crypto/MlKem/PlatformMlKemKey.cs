using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>A decapsulation key in the platform's ML-KEM (OpenSSL 3.5 or later on Linux).</summary>
/// <remarks>Encapsulation stays ours everywhere: the platform would take its randomness from elsewhere than <see cref="Vpr.Io.IRandomSource"/>.</remarks>
internal sealed class PlatformMlKemKey : MlKemKey
{
    private readonly MLKem _key;

    internal PlatformMlKemKey(ReadOnlySpan<byte> seed)
    {
        _key = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed);
        _key.ExportEncapsulationKey(EncapsulationKey);
    }

    internal static bool IsSupported => MLKem.IsSupported;

    internal override void DecapsulateCore(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret) => _key.Decapsulate(ciphertext, sharedSecret);

    public override void Dispose() => _key.Dispose();
}
