using Vpr.Crypto;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>What follows from the choice of a <see cref="CipherSuite"/>.</summary>
/// <remarks>RFC 8446 §B.4</remarks>
public static class CipherSuiteExtensions
{
    /// <summary>Whether <paramref name="suite"/> is one of the three that are implemented.</summary>
    public static bool IsSupported(this CipherSuite suite) =>
        suite is CipherSuite.Aes128GcmSha256 or CipherSuite.Aes256GcmSha384 or CipherSuite.ChaCha20Poly1305Sha256;

    /// <summary>The hash of the key schedule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not <see cref="IsSupported"/>.</exception>
    public static HkdfHash Hash(this CipherSuite suite) => suite switch
    {
        CipherSuite.Aes128GcmSha256 or CipherSuite.ChaCha20Poly1305Sha256 => HkdfHash.Sha256,
        CipherSuite.Aes256GcmSha384 => HkdfHash.Sha384,
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };

    /// <summary>The AEAD that protects packets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not <see cref="IsSupported"/>.</exception>
    public static AeadAlgorithm Aead(this CipherSuite suite) => suite switch
    {
        CipherSuite.Aes128GcmSha256 => AeadAlgorithm.Aes128Gcm,
        CipherSuite.Aes256GcmSha384 => AeadAlgorithm.Aes256Gcm,
        CipherSuite.ChaCha20Poly1305Sha256 => AeadAlgorithm.ChaCha20Poly1305,
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };
}
