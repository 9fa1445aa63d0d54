namespace Vpr.Wire.Tls;

/// <summary>How a pre-shared key is used.</summary>
/// <remarks>RFC 8446 §4.2.9</remarks>
public enum PskKeyExchangeMode : byte
{
    /// <summary>psk_ke: the pre-shared key alone.</summary>
    PskKe = 0,

    /// <summary>psk_dhe_ke: the pre-shared key and a fresh key agreement.</summary>
    PskDheKe = 1,
}
