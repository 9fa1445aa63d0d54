using System.Security.Cryptography;
using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Makes the stateless reset token of any connection ID that this endpoint gave, or would have given, out.</summary>
/// <remarks>RFC 9000 §10.3.2</remarks>
internal sealed class StatelessResetKey : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int Length = 32;

    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(Length, pinned: true);

    /// <summary>Copies a key, or draws one.</summary>
    /// <param name="key">32 bytes, or empty for a random key.</param>
    /// <param name="random">Where a random one comes from.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public StatelessResetKey(ReadOnlySpan<byte> key, IRandomSource random)
    {
        if (key.IsEmpty) random.FillSecret(_key);
        else if (key.Length == Length) key.CopyTo(_key);
        else throw new ArgumentException("A stateless reset key has 32 bytes.", nameof(key));
    }

    /// <summary>The token of <paramref name="id"/>.</summary>
    public StatelessResetToken TokenOf(ConnectionId id)
    {
        Span<byte> bytes = stackalloc byte[ConnectionId.MaxLength];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..id.CopyTo(bytes)], hash);
        return new StatelessResetToken(hash);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
