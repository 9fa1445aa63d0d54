namespace Vpr.Wire.Tls;

/// <summary>The extensions that this library reads or writes.</summary>
/// <remarks>RFC 8446 §4.2; quic_transport_parameters from RFC 9001 §8.2. Others are skipped where the RFC allows it.</remarks>
public enum ExtensionType : ushort
{
    /// <summary>server_name</summary>
    ServerName = 0,

    /// <summary>supported_groups</summary>
    SupportedGroups = 10,

    /// <summary>signature_algorithms</summary>
    SignatureAlgorithms = 13,

    /// <summary>application_layer_protocol_negotiation</summary>
    ApplicationLayerProtocolNegotiation = 16,

    /// <summary>compress_certificate (RFC 8879)</summary>
    CompressCertificate = 27,

    /// <summary>pre_shared_key</summary>
    PreSharedKey = 41,

    /// <summary>early_data</summary>
    EarlyData = 42,

    /// <summary>supported_versions</summary>
    SupportedVersions = 43,

    /// <summary>cookie</summary>
    Cookie = 44,

    /// <summary>psk_key_exchange_modes</summary>
    PskKeyExchangeModes = 45,

    /// <summary>signature_algorithms_cert</summary>
    SignatureAlgorithmsCert = 50,

    /// <summary>key_share</summary>
    KeyShare = 51,

    /// <summary>quic_transport_parameters</summary>
    QuicTransportParameters = 57,

    /// <summary>application_settings (draft-vvv-tls-alps)</summary>
    ApplicationSettings = 0x44CD,

    /// <summary>encrypted_client_hello (RFC 9849), which this library only sends as GREASE.</summary>
    EncryptedClientHello = 0xFE0D,
}
