namespace Vpr.Wire.Noise;

/// <summary>The second handshake message of Noise_IKhfs_25519+MLKEM768: tokens e, ee, ekem1, se.</summary>
/// <remarks>Noise rev 34 §7.5 and its HFS extension §5. Every length is fixed but the payload's.</remarks>
[WireFormat(Valid = nameof(HasPayloadTag))]
public readonly ref partial struct IkhfsMessage2
{
    /// <summary>e: the responder's ephemeral X25519 key.</summary>
    [Length(32)]
    public ReadOnlySpan<byte> Ephemeral { get; init; }

    /// <summary>ekem1: the ML-KEM-768 ciphertext, 1088 bytes, and a tag of 16.</summary>
    [Length(1088 + 16)]
    public ReadOnlySpan<byte> EncryptedCiphertext { get; init; }

    /// <summary>The payload and a tag of 16 bytes.</summary>
    [Rest]
    public ReadOnlySpan<byte> EncryptedPayload { get; init; }

    private bool HasPayloadTag => EncryptedPayload.Length >= 16;
}
