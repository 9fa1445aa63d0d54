namespace Vpr.Wire.Tls;

/// <summary>How a certificate chain is compressed.</summary>
/// <remarks>RFC 8879 §7.3</remarks>
public enum CertificateCompressionAlgorithm : ushort
{
    /// <summary>zlib</summary>
    Zlib = 1,

    /// <summary>Brotli</summary>
    Brotli = 2,

    /// <summary>Zstandard</summary>
    Zstd = 3,
}
