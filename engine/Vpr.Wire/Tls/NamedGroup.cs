namespace Vpr.Wire.Tls;

/// <summary>A way to agree on a key.</summary>
/// <remarks>RFC 8446 §4.2.7; the hybrid one from draft-ietf-tls-ecdhe-mlkem.</remarks>
public enum NamedGroup : ushort
{
    /// <summary>secp256r1, NIST P-256: 65-byte shares.</summary>
    Secp256r1 = 0x0017,

    /// <summary>secp384r1, NIST P-384: 97-byte shares.</summary>
    Secp384r1 = 0x0018,

    /// <summary>X25519 (RFC 7748): 32-byte shares.</summary>
    X25519 = 0x001D,

    /// <summary>ML-KEM-768 and X25519 together: the client's share is 1184 + 32 bytes, the server's 1088 + 32.</summary>
    X25519MLKEM768 = 0x11EC,
}
