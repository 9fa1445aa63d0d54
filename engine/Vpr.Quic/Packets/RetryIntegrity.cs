using System.Security.Cryptography;
using Vpr.Crypto;

namespace Vpr.Quic;

/// <summary>The tag that ties a Retry packet to the Initial it answers.</summary>
/// <remarks>RFC 9001 §5.8. The key is public: the tag stops mistakes and off-path attackers, not those on the path.</remarks>
internal sealed class RetryIntegrity : IDisposable
{
    /// <summary>Bytes of the tag.</summary>
    public const int TagLength = 16;

    /// <summary>The longest Retry packet that is checked: no datagram is larger than this on the paths that we know.</summary>
    private const int MaxPacketLength = 2048;

    private readonly Aead _aead = Aead.Create(AeadAlgorithm.Aes128Gcm, Key);

    private static ReadOnlySpan<byte> Key =>
        [0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a, 0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68, 0xc8, 0x4e];

    private static ReadOnlySpan<byte> Nonce => [0x46, 0x15, 0x99, 0xd3, 0x5d, 0x63, 0x2b, 0xf2, 0x23, 0x98, 0x25, 0xbb];

    /// <summary>Computes the tag.</summary>
    /// <param name="originalDestination">The Destination Connection ID of the Initial that is answered.</param>
    /// <param name="retry">The Retry packet without its tag, at most 2048 bytes.</param>
    /// <param name="tag">Receives 16 bytes.</param>
    public void Compute(ConnectionId originalDestination, ReadOnlySpan<byte> retry, Span<byte> tag)
    {
        Span<byte> pseudo = stackalloc byte[1 + ConnectionId.MaxLength + MaxPacketLength];
        pseudo[0] = (byte)originalDestination.Length;
        int length = 1 + originalDestination.CopyTo(pseudo[1..]);
        retry.CopyTo(pseudo[length..]);
        _aead.Seal(Nonce, pseudo[..(length + retry.Length)], [], tag);
    }

    /// <summary>Whether a Retry packet, tag included, answers the Initial sent to <paramref name="originalDestination"/>.</summary>
    public bool Verify(ConnectionId originalDestination, ReadOnlySpan<byte> packet)
    {
        if (packet.Length is < TagLength or > MaxPacketLength) return false;
        Span<byte> tag = stackalloc byte[TagLength];
        Compute(originalDestination, packet[..^TagLength], tag);
        return CryptographicOperations.FixedTimeEquals(tag, packet[^TagLength..]);
    }

    /// <inheritdoc/>
    public void Dispose() => _aead.Dispose();
}
