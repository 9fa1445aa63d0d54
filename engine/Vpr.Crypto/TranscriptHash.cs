using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The running hash over handshake messages, which can be read at any point and goes on.</summary>
/// <remarks>RFC 8446 §4.4.1</remarks>
public sealed class TranscriptHash : IDisposable
{
    private readonly IncrementalHash _hash;

    /// <summary>An empty transcript under <paramref name="hash"/>.</summary>
    public TranscriptHash(HkdfHash hash)
    {
        Hash = hash;
        _hash = IncrementalHash.CreateHash(hash.Name());
    }

    /// <summary>The hash function.</summary>
    public HkdfHash Hash { get; }

    /// <summary>Adds message bytes; they may come in pieces.</summary>
    public void Append(ReadOnlySpan<byte> message) => _hash.AppendData(message);

    /// <summary>Writes the hash of everything added so far, exactly the bytes of the hash.</summary>
    public void Current(Span<byte> destination)
    {
        Throw.IfLengthIsNot(Hash.Length(), destination);
        _hash.GetCurrentHash(destination);
    }

    /// <summary>Begins again with nothing added.</summary>
    public void Reset()
    {
        Span<byte> discarded = stackalloc byte[SHA384.HashSizeInBytes];
        _hash.TryGetHashAndReset(discarded, out _);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
