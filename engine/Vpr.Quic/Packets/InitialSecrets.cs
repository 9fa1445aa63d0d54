using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Wire.Tls;

namespace Vpr.Quic;

/// <summary>The keys of Initial packets, which everyone on the path can compute too.</summary>
/// <remarks>RFC 9001 §5.2</remarks>
internal static class InitialSecrets
{
    private const int SecretLength = 32;

    // The salt of version 1.
    private static ReadOnlySpan<byte> Salt =>
        [0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a];

    /// <summary>Derives both directions.</summary>
    /// <param name="clientDestination">The Destination Connection ID of the client's first Initial, or of its first after a Retry.</param>
    /// <param name="isClient">Whether this end is the client.</param>
    /// <param name="read">Opens the peer's packets.</param>
    /// <param name="write">Protects ours.</param>
    public static void Derive(ConnectionId clientDestination, bool isClient, out PacketProtection read, out PacketProtection write)
    {
        Span<byte> id = stackalloc byte[ConnectionId.MaxLength];
        id = id[..clientDestination.CopyTo(id)];
        Span<byte> initial = stackalloc byte[SecretLength];
        Hkdf.Extract(HkdfHash.Sha256, Salt, id, initial);
        PacketProtection client = Direction(initial, "client in"u8);
        PacketProtection server = Direction(initial, "server in"u8);
        (read, write) = isClient ? (server, client) : (client, server);
        CryptographicOperations.ZeroMemory(initial);
    }

    private static PacketProtection Direction(ReadOnlySpan<byte> initial, ReadOnlySpan<byte> label)
    {
        Span<byte> secret = stackalloc byte[SecretLength];
        Hkdf.ExpandLabel(HkdfHash.Sha256, initial, label, [], secret);
        PacketProtection protection = PacketProtection.Derive(CipherSuite.Aes128GcmSha256, secret);
        CryptographicOperations.ZeroMemory(secret);
        return protection;
    }
}
