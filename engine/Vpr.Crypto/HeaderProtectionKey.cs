using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>An expanded header-protection key of one algorithm; lengths are checked by <see cref="HeaderProtection"/>.</summary>
internal abstract class HeaderProtectionKey : IDisposable
{
    internal static HeaderProtectionKey Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        AeadAlgorithm.ChaCha20Poly1305 => new ChaCha20HeaderProtection(key),
        _ when Aead.AesProvider is not (AesProvider.VectorInstructions or AesProvider.ProcessorInstructions) => new PlatformAesHeaderProtection(key),
        _ when AesNiHeaderProtection.IsSupported => new AesNiHeaderProtection(key),
        _ => new ArmHeaderProtection<ArmCryptography>(key),
    };

    internal abstract void MaskCore(ReadOnlySpan<byte> sample, Span<byte> mask);

    /// <summary>Overwrites the first bytes of each sample by its mask; the bytes behind them are left undefined.</summary>
    internal virtual void MaskBatchCore(Span<byte> samples)
    {
        for (; !samples.IsEmpty; samples = samples[HeaderProtection.SampleLength..])
            MaskCore(samples[..HeaderProtection.SampleLength], samples[..HeaderProtection.MaskLength]);
    }

    public abstract void Dispose();
}

/// <summary>The first bytes of the sample encrypted as one AES block, by the framework.</summary>
/// <remarks>RFC 9001 §5.4.3</remarks>
internal sealed class PlatformAesHeaderProtection : HeaderProtectionKey
{
    private readonly Aes _aes = Aes.Create();

    internal PlatformAesHeaderProtection(ReadOnlySpan<byte> key)
    {
        byte[] copy = GC.AllocateArray<byte>(key.Length, pinned: true);
        key.CopyTo(copy);
        _aes.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
    }

    internal override void MaskCore(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Span<byte> block = stackalloc byte[HeaderProtection.SampleLength];
        _aes.EncryptEcb(sample, block, PaddingMode.None);
        block[..HeaderProtection.MaskLength].CopyTo(mask);
    }

    public override void Dispose() => _aes.Dispose();
}

/// <summary>Key stream of ChaCha20 whose counter and nonce are the sample.</summary>
/// <remarks>RFC 9001 §5.4.4</remarks>
internal sealed class ChaCha20HeaderProtection : HeaderProtectionKey
{
    private readonly byte[] _key = GC.AllocateArray<byte>(ChaCha20.KeyLength, pinned: true);

    internal ChaCha20HeaderProtection(ReadOnlySpan<byte> key) => key.CopyTo(_key);

    internal override void MaskCore(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Span<byte> keyStream = stackalloc byte[ChaCha20.BlockLength];
        ChaCha20.Block(_key, sample, keyStream);
        keyStream[..HeaderProtection.MaskLength].CopyTo(mask);
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
