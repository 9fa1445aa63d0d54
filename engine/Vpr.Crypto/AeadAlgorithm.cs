namespace Vpr.Crypto;

/// <summary>The AEAD algorithms of TLS 1.3, QUIC and Noise. All have a nonce of 12 bytes and a tag of 16.</summary>
/// <remarks>RFC 8446 §B.4</remarks>
public enum AeadAlgorithm
{
    /// <summary>AES-128-GCM, a key of 16 bytes.</summary>
    Aes128Gcm,

    /// <summary>AES-256-GCM, a key of 32 bytes.</summary>
    Aes256Gcm,

    /// <summary>ChaCha20-Poly1305, a key of 32 bytes.</summary>
    /// <remarks>RFC 8439 §2.8</remarks>
    ChaCha20Poly1305,
}

/// <summary>What follows from the choice of an <see cref="AeadAlgorithm"/>.</summary>
public static class AeadAlgorithmExtensions
{
    /// <summary>Bytes of a key, of the AEAD and of its header protection alike: 16 or 32.</summary>
    /// <remarks>RFC 9001 §5.4.3, §5.4.4</remarks>
    public static int KeyLength(this AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm => 16,
        AeadAlgorithm.Aes256Gcm or AeadAlgorithm.ChaCha20Poly1305 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
