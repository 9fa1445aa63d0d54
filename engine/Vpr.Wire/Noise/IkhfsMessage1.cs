namespace Vpr.Wire.Noise;

/// <summary>The first handshake message of Noise_IKhfs_25519+MLKEM768: tokens e, es, e1, s, ss.</summary>
/// <remarks>
/// Noise rev 34 §7.5 and its HFS extension §5. The KEM key comes behind the first DH and so is encrypted, as is the static key. Every
/// length is fixed but the payload's.
/// </remarks>
[WireFormat(Valid = nameof(HasPayloadTag))]
public readonly ref partial struct IkhfsMessage1
{
    /// <summary>e: the initiator's ephemeral X25519 key.</summary>
    [Length(32)]
    public ReadOnlySpan<byte> Ephemeral { get; init; }

    /// <summary>e1: the initiator's ephemeral ML-KEM-768 encapsulation key, 1184 bytes, and a tag of 16.</summary>
    [Length(1184 + 16)]
    public ReadOnlySpan<byte> EncryptedEncapsulationKey { get; init; }

    /// <summary>s: the initiator's static X25519 key, 32 bytes, and a tag of 16.</summary>
    [Length(32 + 16)]
    public ReadOnlySpan<byte> EncryptedStatic { get; init; }

    /// <summary>The payload and a tag of 16 bytes.</summary>
    [Rest]
    public ReadOnlySpan<byte> EncryptedPayload { get; init; }

    private bool HasPayloadTag => EncryptedPayload.Length >= 16;
}
