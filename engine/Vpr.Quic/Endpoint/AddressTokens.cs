using System.Buffers.Binary;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Makes and checks the tokens by which a client proves that it receives at its address: those of Retry and of NEW_TOKEN.</summary>
/// <remarks>
/// RFC 9000 §8.1.2 to §8.1.4. A token is sealed with a key of this process that changes with time; the address is not in it but
/// authenticated with it. Tokens do not survive a restart: a client then validates its address anew, at the cost of one Retry at most.
/// </remarks>
internal sealed class AddressTokens : IDisposable
{
    /// <summary>The longest token that is made.</summary>
    public const int MaxLength = 1 + Aead.NonceLength + MaxContentLength + Aead.TagLength;

    private const int MaxContentLength = 1 + sizeof(long) + 1 + ConnectionId.MaxLength;
    private const int KeyLength = 16;
    private const byte RetryKind = 0;
    private const byte NewTokenKind = 1;

    private static readonly TimeSpan RetryLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NewTokenLifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan RotationInterval = TimeSpan.FromHours(24);

    private readonly IRandomSource _random;
    private Aead _current;
    private Aead? _previous;
    private byte _currentNumber;
    private Instant _rotateAt;

    /// <summary>Starts with a fresh key.</summary>
    public AddressTokens(Instant now, IRandomSource random)
    {
        _random = random;
        _current = NewKey();
        _rotateAt = now + RotationInterval;
    }

    /// <summary>Makes the token of a Retry packet.</summary>
    /// <param name="now">The time.</param>
    /// <param name="remote">The client's address and port.</param>
    /// <param name="originalDestination">The Destination Connection ID of the Initial that Retry answers.</param>
    /// <param name="retrySource">The Source Connection ID of the Retry packet.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int MakeRetry(Instant now, in UdpEndpoint remote, ConnectionId originalDestination, ConnectionId retrySource, Span<byte> destination) =>
        Seal(now, RetryKind, remote, retrySource, originalDestination, destination);

    /// <summary>Makes the token of a NEW_TOKEN frame, for a later connection from the same address.</summary>
    /// <param name="now">The time.</param>
    /// <param name="remote">The client's address; its port will be another.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int MakeNew(Instant now, in UdpEndpoint remote, Span<byte> destination) =>
        Seal(now, NewTokenKind, remote, default, default, destination);

    /// <summary>Judges the token of an Initial packet.</summary>
    /// <param name="now">The time.</param>
    /// <param name="remote">Where the packet came from.</param>
    /// <param name="packetDestination">Its Destination Connection ID.</param>
    /// <param name="token">Its token, not empty.</param>
    /// <param name="originalDestination">The connection ID of the client's first Initial, when the result is <see cref="TokenVerdict.Retry"/>.</param>
    public TokenVerdict Check(Instant now, in UdpEndpoint remote, ConnectionId packetDestination, ReadOnlySpan<byte> token, out ConnectionId originalDestination)
    {
        originalDestination = default;
        if (token.Length is <= 1 + Aead.NonceLength + Aead.TagLength or > MaxLength) return TokenVerdict.Foreign;
        Rotate(now);
        byte number = token[0];
        Aead? key = number == _currentNumber ? _current : number == unchecked((byte)(_currentNumber - 1)) ? _previous : null;
        if (key is null) return TokenVerdict.Foreign;

        Span<byte> content = stackalloc byte[MaxContentLength];
        ReadOnlySpan<byte> nonce = token.Slice(1, Aead.NonceLength);
        ReadOnlySpan<byte> sealedContent = token[(1 + Aead.NonceLength)..^Aead.TagLength];
        content = content[..sealedContent.Length];

        // The kind is authenticated by which of the two contexts opens the token.
        Span<byte> context = stackalloc byte[MaxContextLength];
        foreach (byte kind in (ReadOnlySpan<byte>)[RetryKind, NewTokenKind])
        {
            sealedContent.CopyTo(content);
            int contextLength = WriteContext(context, kind, remote, packetDestination);
            if (!key.Open(nonce, context[..contextLength], content, token[^Aead.TagLength..])) continue;
            TimeSpan age = now - new Instant(BinaryPrimitives.ReadInt64BigEndian(content));
            bool isRetry = kind == RetryKind;
            if (age > (isRetry ? RetryLifetime : NewTokenLifetime)) return isRetry ? TokenVerdict.ExpiredRetry : TokenVerdict.Foreign;
            originalDestination = new ConnectionId(content[sizeof(long)..]);
            return isRetry ? TokenVerdict.Retry : TokenVerdict.NewToken;
        }

        return TokenVerdict.Foreign;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _current.Dispose();
        _previous?.Dispose();
    }

    private const int MaxContextLength = 1 + 16 + sizeof(ushort) + ConnectionId.MaxLength;

    private static int WriteContext(Span<byte> context, byte kind, in UdpEndpoint remote, ConnectionId retrySource)
    {
        context[0] = kind;
        BinaryPrimitives.WriteUInt128BigEndian(context[1..], remote.Address);
        if (kind != RetryKind) return 1 + 16;
        // A Retry token is good for one port and one connection ID, as the client must use what the packet gave it.
        BinaryPrimitives.WriteUInt16BigEndian(context[17..], remote.Port);
        return 19 + retrySource.CopyTo(context[19..]);
    }

    private int Seal(Instant now, byte kind, in UdpEndpoint remote, ConnectionId retrySource, ConnectionId original, Span<byte> destination)
    {
        Rotate(now);
        destination[0] = _currentNumber;
        Span<byte> nonce = destination.Slice(1, Aead.NonceLength);
        _random.FillPublic(nonce);
        Span<byte> content = destination[(1 + Aead.NonceLength)..];
        BinaryPrimitives.WriteInt64BigEndian(content, now.Nanoseconds);
        int length = sizeof(long) + original.CopyTo(content[sizeof(long)..]);
        Span<byte> context = stackalloc byte[MaxContextLength];
        int contextLength = WriteContext(context, kind, remote, retrySource);
        _current.Seal(nonce, context[..contextLength], content[..length], content.Slice(length, Aead.TagLength));
        return 1 + Aead.NonceLength + length + Aead.TagLength;
    }

    private void Rotate(Instant now)
    {
        if (now < _rotateAt) return;
        _previous?.Dispose();
        _previous = _current;
        _current = NewKey();
        _currentNumber++;
        _rotateAt = now + RotationInterval;
    }

    private Aead NewKey()
    {
        Span<byte> key = stackalloc byte[KeyLength];
        _random.FillSecret(key);
        Aead aead = Aead.Create(AeadAlgorithm.Aes128Gcm, key);
        CryptographicOperations.ZeroMemory(key);
        return aead;
    }
}
