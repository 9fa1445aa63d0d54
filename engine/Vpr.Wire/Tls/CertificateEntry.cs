namespace Vpr.Wire.Tls;

/// <summary>One certificate of a <see cref="Certificate"/> message.</summary>
/// <remarks>RFC 8446 §4.4.2</remarks>
[WireFormat]
public readonly ref partial struct CertificateEntry
{
    /// <summary>The certificate, DER.</summary>
    [LengthPrefix(Prefix.UInt24, Min = 1)]
    public ReadOnlySpan<byte> CertData { get; init; }

    /// <summary>The certificate's extensions (OCSP status, SCTs), as they came; none is used.</summary>
    [LengthPrefix(Prefix.UInt16)]
    public ReadOnlySpan<byte> Extensions { get; init; }
}
