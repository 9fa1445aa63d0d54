using static Vpr.Noise.HandshakeToken;

namespace Vpr.Noise;

/// <summary>Which keys go over the wire in which message, and under which protocol name.</summary>
/// <remarks>Noise revision 34 §7, §8. The primitives are fixed: X25519, AES-256-GCM, SHA-256, and ML-KEM-768 where the pattern has a KEM.</remarks>
public sealed class HandshakePattern
{
    private readonly HandshakeToken[][] _messages;

    private HandshakePattern(string protocolName, bool responderStaticIsKnown, params HandshakeToken[][] messages)
    {
        ProtocolName = protocolName;
        ResponderStaticIsKnown = responderStaticIsKnown;
        _messages = messages;
    }

    /// <summary>Noise_IK: the initiator knows the responder's static key and sends its own at once; one round trip.</summary>
    /// <remarks>Noise revision 34 §7.5</remarks>
    public static HandshakePattern IK { get; } = new("Noise_IK_25519_AESGCM_SHA256", true, [E, ES, S, SS], [E, EE, SE]);

    /// <summary>Noise_XX: neither knows the other; both static keys are sent encrypted, in three messages.</summary>
    /// <remarks>Noise revision 34 §7.5</remarks>
    public static HandshakePattern XX { get; } = new("Noise_XX_25519_AESGCM_SHA256", false, [E], [E, EE, S, ES], [S, SE]);

    /// <summary>Noise_IKhfs: IK whose keys also depend on ML-KEM-768, so that a recording stays closed to a quantum computer.</summary>
    /// <remarks>Hybrid forward secrecy extension §5. <c>e1</c> follows the first Diffie-Hellman of its message, <c>ekem1</c> follows <c>ee</c>.</remarks>
    public static HandshakePattern IKhfs { get; } =
        new("Noise_IKhfs_25519+MLKEM768_AESGCM_SHA256", true, [E, ES, E1, S, SS], [E, EE, Ekem1, SE]);

    /// <summary>The name that both sides hash first.</summary>
    public string ProtocolName { get; }

    /// <summary>How many handshake messages there are; the initiator writes the first.</summary>
    public int MessageCount => _messages.Length;

    /// <summary>Whether the initiator must have the responder's static key beforehand.</summary>
    public bool ResponderStaticIsKnown { get; }

    /// <summary>The tokens of message <paramref name="index"/>.</summary>
    internal ReadOnlySpan<HandshakeToken> Message(int index) => _messages[index];

    /// <inheritdoc/>
    public override string ToString() => ProtocolName;
}
