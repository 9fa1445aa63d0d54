namespace Vpr.Crypto;

/// <summary>A decapsulation key of ML-KEM-768 in one implementation; lengths are checked by <see cref="MlKem768DecapsulationKey"/>.</summary>
internal abstract class MlKemKey : IDisposable
{
    internal byte[] EncapsulationKey { get; } = new byte[MlKem768.EncapsulationKeyLength];

    /// <summary>The key of a seed: by the platform where it has ML-KEM, otherwise by our own code.</summary>
    internal static MlKemKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (PlatformMlKemKey.IsSupported) return new PlatformMlKemKey(seed);
        return ManagedMlKemKey.FromSeed(seed);
    }

    internal abstract void DecapsulateCore(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret);

    public abstract void Dispose();
}
