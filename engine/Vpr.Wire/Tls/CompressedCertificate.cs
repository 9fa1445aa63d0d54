namespace Vpr.Wire.Tls;

/// <summary>CompressedCertificate: comes in the place of <see cref="Certificate"/>.</summary>
/// <remarks>RFC 8879 §4</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 25)]
public readonly ref partial struct CompressedCertificate
{
    /// <summary>How <see cref="CompressedCertificateMessage"/> was compressed.</summary>
    public CertificateCompressionAlgorithm Algorithm { get; init; }

    /// <summary>Bytes of the body of the Certificate message; a receiver bounds it before it decompresses.</summary>
    [UInt(24)]
    public uint UncompressedLength { get; init; }

    /// <summary>The compressed body of the Certificate message.</summary>
    [LengthPrefix(Prefix.UInt24, Min = 1)]
    public ReadOnlySpan<byte> CompressedCertificateMessage { get; init; }
}
