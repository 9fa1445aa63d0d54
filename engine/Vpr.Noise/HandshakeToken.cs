namespace Vpr.Noise;

/// <summary>The steps a handshake message is made of.</summary>
/// <remarks>Noise revision 34 §5.3, §7.1; hybrid forward secrecy extension §3</remarks>
internal enum HandshakeToken
{
    /// <summary>A fresh ephemeral public key, in clear.</summary>
    E,

    /// <summary>The static public key, encrypted as soon as there is a key.</summary>
    S,

    /// <summary>Diffie-Hellman of both ephemeral keys.</summary>
    EE,

    /// <summary>Diffie-Hellman of the initiator's ephemeral and the responder's static key.</summary>
    ES,

    /// <summary>Diffie-Hellman of the initiator's static and the responder's ephemeral key.</summary>
    SE,

    /// <summary>Diffie-Hellman of both static keys.</summary>
    SS,

    /// <summary>A fresh KEM encapsulation key, encrypted.</summary>
    E1,

    /// <summary>A KEM ciphertext for the peer's <see cref="E1"/>, encrypted; its secret is mixed in.</summary>
    Ekem1,
}
