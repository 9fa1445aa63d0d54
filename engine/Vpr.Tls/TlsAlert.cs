namespace Vpr.Tls;

/// <summary>The alert that ends a handshake.</summary>
/// <remarks>RFC 8446 §6. QUIC carries it as the transport error 0x0100 + the value (RFC 9001 §4.8).</remarks>
public enum TlsAlert : byte
{
    /// <summary>close_notify; QUIC never uses it.</summary>
    CloseNotify = 0,

    /// <summary>unexpected_message: a message that is wrong at this point or at this encryption level.</summary>
    UnexpectedMessage = 10,

    /// <summary>handshake_failure: nothing that both ends accept.</summary>
    HandshakeFailure = 40,

    /// <summary>bad_certificate: corrupt, or its signatures do not verify.</summary>
    BadCertificate = 42,

    /// <summary>unsupported_certificate: of a type that is not accepted.</summary>
    UnsupportedCertificate = 43,

    /// <summary>certificate_revoked.</summary>
    CertificateRevoked = 44,

    /// <summary>certificate_expired: expired or not yet valid.</summary>
    CertificateExpired = 45,

    /// <summary>certificate_unknown: any other reason to refuse it.</summary>
    CertificateUnknown = 46,

    /// <summary>illegal_parameter: a field is out of range or contradicts another.</summary>
    IllegalParameter = 47,

    /// <summary>unknown_ca: the chain ends at no trusted root.</summary>
    UnknownCa = 48,

    /// <summary>decode_error: a length is wrong or a field out of its syntax.</summary>
    DecodeError = 50,

    /// <summary>decrypt_error: a signature or Finished did not verify.</summary>
    DecryptError = 51,

    /// <summary>protocol_version: the peer speaks no TLS 1.3.</summary>
    ProtocolVersion = 70,

    /// <summary>internal_error: this end failed, through no fault of the peer.</summary>
    InternalError = 80,

    /// <summary>missing_extension: an extension that must be there is not.</summary>
    MissingExtension = 109,

    /// <summary>unsupported_extension: an extension that was not offered or does not belong in the message.</summary>
    UnsupportedExtension = 110,

    /// <summary>unrecognized_name: no server of that name.</summary>
    UnrecognizedName = 112,

    /// <summary>certificate_required.</summary>
    CertificateRequired = 116,

    /// <summary>no_application_protocol: no ALPN protocol in common.</summary>
    NoApplicationProtocol = 120,
}
