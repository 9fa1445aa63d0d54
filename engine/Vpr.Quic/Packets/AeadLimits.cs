using Vpr.Wire.Tls;

namespace Vpr.Quic;

/// <summary>How often the keys of a cipher suite may be used.</summary>
/// <remarks>RFC 9001 §6.6, Appendix B</remarks>
internal static class AeadLimits
{
    /// <summary>How many packets one key may protect.</summary>
    public static ulong Confidentiality(CipherSuite suite) => suite == CipherSuite.ChaCha20Poly1305Sha256 ? PacketNumber.Max : 1UL << 23;

    /// <summary>How many packets may fail to authenticate over a connection.</summary>
    public static ulong Integrity(CipherSuite suite) => suite == CipherSuite.ChaCha20Poly1305Sha256 ? 1UL << 36 : 1UL << 52;
}
