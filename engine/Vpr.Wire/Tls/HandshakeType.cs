namespace Vpr.Wire.Tls;

/// <summary>The kind of a handshake message.</summary>
/// <remarks>RFC 8446 §4</remarks>
public enum HandshakeType : byte
{
    /// <summary>client_hello</summary>
    ClientHello = 1,

    /// <summary>server_hello, HelloRetryRequest included.</summary>
    ServerHello = 2,

    /// <summary>new_session_ticket</summary>
    NewSessionTicket = 4,

    /// <summary>encrypted_extensions</summary>
    EncryptedExtensions = 8,

    /// <summary>certificate</summary>
    Certificate = 11,

    /// <summary>certificate_request</summary>
    CertificateRequest = 13,

    /// <summary>certificate_verify</summary>
    CertificateVerify = 15,

    /// <summary>finished</summary>
    Finished = 20,

    /// <summary>key_update</summary>
    KeyUpdate = 24,

    /// <summary>compressed_certificate (RFC 8879)</summary>
    CompressedCertificate = 25,

    /// <summary>message_hash, the stand-in for the first ClientHello in the transcript after a HelloRetryRequest.</summary>
    MessageHash = 254,
}
