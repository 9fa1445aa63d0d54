namespace Vpr.Crypto;

/// <summary>A header-protection key: from a sample of ciphertext it makes the mask that hides a packet number.</summary>
/// <remarks>RFC 9001 §5.4. Nothing is allocated after <see cref="Create"/>. One thread at a time.</remarks>
public sealed class HeaderProtection : IDisposable
{
    /// <summary>Bytes of ciphertext a mask is made from.</summary>
    public const int SampleLength = 16;

    /// <summary>Bytes of a mask: one for the first byte, up to four for the packet number.</summary>
    public const int MaskLength = 5;

    private readonly HeaderProtectionKey _key;
    private bool _disposed;

    private HeaderProtection(HeaderProtectionKey key) => _key = key;

    /// <summary>Expands <paramref name="key"/>, of exactly <see cref="AeadAlgorithmExtensions.KeyLength"/> bytes.</summary>
    /// <param name="algorithm">The AEAD whose packets are protected; it decides how masks are made.</param>
    /// <param name="key">The "quic hp" key; the caller's copy is the caller's to erase.</param>
    public static HeaderProtection Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Throw.IfLengthIsNot(algorithm.KeyLength(), key);
        return new HeaderProtection(HeaderProtectionKey.Create(algorithm, key));
    }

    /// <summary>Makes the mask of one packet.</summary>
    /// <param name="sample">16 bytes of ciphertext, four bytes after the packet number's first (RFC 9001 §5.4.2).</param>
    /// <param name="mask">Receives 5 bytes.</param>
    public void Mask(ReadOnlySpan<byte> sample, Span<byte> mask)
    {
        Throw.IfLengthIsNot(SampleLength, sample);
        Throw.IfLengthIsNot(MaskLength, mask);
        Throw.IfDisposed(_disposed, this);
        _key.MaskCore(sample, mask);
    }

    /// <summary>Makes the masks of several packets at once, which takes less time than one after the other.</summary>
    /// <param name="samples">
    /// <see cref="SampleLength"/> bytes for each packet, side by side. On return the first <see cref="MaskLength"/> of each are its mask, the others undefined.
    /// </param>
    public void MaskBatch(Span<byte> samples)
    {
        if (samples.Length % SampleLength != 0) Throw.NotWhole(SampleLength, nameof(samples));
        Throw.IfDisposed(_disposed, this);
        _key.MaskBatchCore(samples);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _key.Dispose();
    }
}
