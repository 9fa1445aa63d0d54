namespace Vpr.Wire.Noise;

/// <summary>An inner IP packet under the end-to-end layer: the payload of a datagram whose context has the format <see cref="ContextFormat.NoiseTransport"/>.</summary>
/// <remarks>
/// Noise rev 34 §11.4 (out-of-order transport messages). Epoch and counter are one 64-bit word in the clear, in network byte order, and
/// together they name the key and the nonce; <see cref="Ciphertext"/> is a view of the packet.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |     Epoch     |                                               |
/// +---------------+              Counter (56)                     |
/// |                                                               |
/// +---------------------------------------------------------------+
/// |                      Ciphertext, tag (128)                  ...
/// </code>
/// </remarks>
[WireFormat(Valid = nameof(HasTag))]
public readonly ref partial struct NoiseTransportDatagram
{
    /// <summary>The length of epoch and counter, in bytes.</summary>
    public const int HeaderLength = 8;

    /// <summary>The length of the tag at the end of <see cref="Ciphertext"/>, in bytes.</summary>
    public const int TagLength = 16;

    /// <summary>Which session keys: 0 for the first handshake's, one more (modulo 256) for each later one's.</summary>
    public byte Epoch { get; init; }

    /// <summary>The nonce, which the sender never repeats within an epoch.</summary>
    [UInt(56)]
    public ulong Counter { get; init; }

    /// <summary>The encrypted packet and its tag, at least <see cref="TagLength"/> bytes.</summary>
    [Rest]
    public ReadOnlySpan<byte> Ciphertext { get; init; }

    private bool HasTag => Ciphertext.Length >= TagLength;
}
