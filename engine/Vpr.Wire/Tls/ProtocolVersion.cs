namespace Vpr.Wire.Tls;

/// <summary>A version of TLS.</summary>
/// <remarks>RFC 8446 §4.2.1, §B.3.1.1</remarks>
public enum ProtocolVersion : ushort
{
    /// <summary>TLS 1.2, and what TLS 1.3 writes where the version used to stand.</summary>
    Tls12 = 0x0303,

    /// <summary>TLS 1.3</summary>
    Tls13 = 0x0304,
}
