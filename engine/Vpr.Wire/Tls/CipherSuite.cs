namespace Vpr.Wire.Tls;

/// <summary>An AEAD and the hash of the key schedule.</summary>
/// <remarks>RFC 8446 §B.4. A number that is not named here is somebody else's suite, or GREASE (RFC 8701).</remarks>
public enum CipherSuite : ushort
{
    /// <summary>TLS_AES_128_GCM_SHA256</summary>
    Aes128GcmSha256 = 0x1301,

    /// <summary>TLS_AES_256_GCM_SHA384</summary>
    Aes256GcmSha384 = 0x1302,

    /// <summary>TLS_CHACHA20_POLY1305_SHA256</summary>
    ChaCha20Poly1305Sha256 = 0x1303,
}
