using System.Buffers.Binary;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Makes and checks the tokens by which a client proves that it receives at its address: those of Retry and of NEW_TOKEN.</summary>
/// <remarks>
/// RFC 9000 §8.1.2 to §8.1.4. A token is sealed with a key of its day, which follows from one secret and the time, so that endpoints that share both
/// take each other's tokens; the address is not in it but authenticated with it. A client whose token's key is gone, as after a restart, validates its address
/// anew, at the cost of one Retry at most.
/// </remarks>
internal sealed class AddressTokens : IDisposable
{
    /// <summary>The longest token that is made.</summary>
    public const int MaxLength = 1 + Aead.NonceLength + MaxContentLength + Aead.TagLength;

    private const int MaxContentLength = 1 + sizeof(long) + 1 + ConnectionId.MaxLength;
    private const int SecretLength = 32;
    private const int KeyLength = 16;
    private const byte RetryKind = 0;
    private const byte NewTokenKind = 1;

    private static readonly TimeSpan RetryLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NewTokenLifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan RotationInterval = TimeSpan.FromHours(24);

    private readonly IRandomSource _random;
    private readonly byte[] _secret = GC.AllocateUninitializedArray<byte>(SecretLength, pinned: true);
    private readonly byte _firstNumber;
    private Aead? _current;
    private Aead? _previous;
    private long _day = -1;

    /// <summary>Copies a secret, or draws one.</summary>
    /// <param name="secret">32 bytes, or empty for a random secret.</param>
    /// <param name="random">Where a random one, and what is not secret in a token, come from.</param>
    /// <exception cref="ArgumentException">The secret has another length.</exception>
    public AddressTokens(ReadOnlySpan<byte> secret, IRandomSource random)
    {
        _random = random;
        if (secret.IsEmpty) random.FillSecret(_secret);
        else if (secret.Length == SecretLength) secret.CopyTo(_secret);
        else throw new ArgumentException("An address token key has 32 bytes.", nameof(secret));
        Span<byte> number = stackalloc byte[1];
        Hkdf.Expand(HkdfHash.Sha256, _secret, "vpr address token number"u8, number);
        _firstNumber = number[0];
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
        Aead? key = token[0] == NumberOf(_day) ? _current : token[0] == NumberOf(_day - 1) ? _previous : null;
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
        _current?.Dispose();
        _previous?.Dispose();
        CryptographicOperations.ZeroMemory(_secret);
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
        destination[0] = NumberOf(_day);
        Span<byte> nonce = destination.Slice(1, Aead.NonceLength);
        _random.FillPublic(nonce);
        Span<byte> content = destination[(1 + Aead.NonceLength)..];
        BinaryPrimitives.WriteInt64BigEndian(content, now.Nanoseconds);
        int length = sizeof(long) + original.CopyTo(content[sizeof(long)..]);
        Span<byte> context = stackalloc byte[MaxContextLength];
        int contextLength = WriteContext(context, kind, remote, retrySource);
        _current!.Seal(nonce, context[..contextLength], content[..length], content.Slice(length, Aead.TagLength));
        return 1 + Aead.NonceLength + length + Aead.TagLength;
    }

    // Days begin with the clock and not with the endpoint: others that share the secret turn at the same time.
    private void Rotate(Instant now)
    {
        long day = now.Nanoseconds / RotationInterval.Ticks / TimeSpan.NanosecondsPerTick;
        if (day == _day) return;
        _previous?.Dispose();
        _current?.Dispose();
        _previous = KeyOf(day - 1);
        _current = KeyOf(day);
        _day = day;
    }

    // What a token shows of its day: it does not tell how long the machine has been up.
    private byte NumberOf(long day) => unchecked((byte)(_firstNumber + day));

    private Aead KeyOf(long day)
    {
        ReadOnlySpan<byte> label = "vpr address token "u8;
        Span<byte> info = stackalloc byte[label.Length + sizeof(long)];
        label.CopyTo(info);
        BinaryPrimitives.WriteInt64BigEndian(info[label.Length..], day);
        Span<byte> key = stackalloc byte[KeyLength];
        Hkdf.Expand(HkdfHash.Sha256, _secret, info, key);
        Aead aead = Aead.Create(AeadAlgorithm.Aes128Gcm, key);
        CryptographicOperations.ZeroMemory(key);
        return aead;
    }
}
