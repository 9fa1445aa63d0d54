namespace Vpr.Wire.Tls;

/// <summary>quic_transport_parameters: the QUIC connection's half of the handshake.</summary>
/// <remarks>RFC 9001 §8.2</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 57)]
[MemberOf(typeof(EncryptedExtensionsExtension), 57)]
public readonly ref partial struct QuicTransportParametersExtension
{
    /// <summary>A sequence of <see cref="Quic.TransportParameter"/>, which TLS does not read.</summary>
    [Rest]
    public ReadOnlySpan<byte> TransportParameters { get; init; }
}
