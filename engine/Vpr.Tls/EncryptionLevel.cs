namespace Vpr.Tls;

/// <summary>The keys that protect a flight of handshake bytes; each level is a CRYPTO stream of its own.</summary>
/// <remarks>RFC 9001 §2.1, §4.1.3</remarks>
public enum EncryptionLevel : byte
{
    /// <summary>Initial keys, derived from the client's first Destination Connection ID: ClientHello, ServerHello, HelloRetryRequest.</summary>
    Initial,

    /// <summary>0-RTT keys; carries no handshake bytes.</summary>
    EarlyData,

    /// <summary>Handshake keys: EncryptedExtensions to Finished.</summary>
    Handshake,

    /// <summary>1-RTT keys: NewSessionTicket.</summary>
    Application,
}
