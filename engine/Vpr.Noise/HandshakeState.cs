using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Io;

namespace Vpr.Noise;

/// <summary>One side of a handshake: writes and reads its messages in turn, then gives the session's keys.</summary>
/// <remarks>
/// Noise revision 34 §5.3 with the tokens of the hybrid forward secrecy extension. What the peer sends never throws: a message that
/// does not fit ends the handshake, and the state says so from then on. One thread at a time.
/// </remarks>
public sealed partial class HandshakeState : IDisposable
{
    /// <summary>Bytes of a static or ephemeral public key.</summary>
    public const int PublicKeyLength = X25519.KeyLength;

    /// <summary>Bytes of the handshake hash.</summary>
    public const int HashLength = SymmetricState.HashLength;

    /// <summary>The longest message.</summary>
    /// <remarks>Noise revision 34 §3</remarks>
    public const int MaxMessageLength = 65535;

    private readonly HandshakePattern _pattern;
    private readonly bool _initiator;
    private readonly X25519PrivateKey _static;
    private readonly IRandomSource _random;
    private readonly SymmetricState _symmetric;
    private readonly byte[] _remoteStatic = new byte[PublicKeyLength];
    private readonly byte[] _remoteEphemeral = new byte[PublicKeyLength];
    private bool _hasRemoteStatic;
    private X25519PrivateKey? _ephemeral;
    private MlKem768DecapsulationKey? _kem;
    private byte[]? _remoteKem;
    private int _next;
    private bool _split;

    private HandshakeState(HandshakePattern pattern, bool initiator, X25519PrivateKey staticKey, ReadOnlySpan<byte> prologue, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(staticKey);
        ArgumentNullException.ThrowIfNull(random);
        _pattern = pattern;
        _initiator = initiator;
        _static = staticKey;
        _random = random;
        _symmetric = new SymmetricState(pattern.ProtocolName);
        _symmetric.MixHash(prologue);
    }

    /// <summary>Whether a message failed; nothing more can be written or read.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>Whether all messages are through, so that <see cref="Split"/> may be called.</summary>
    public bool IsComplete => !IsFailed && _next == _pattern.MessageCount;

    /// <summary>Whether it is this side's turn to write.</summary>
    public bool IsWriting => !IsFailed && _next < _pattern.MessageCount && (_next % 2 == 0) == _initiator;

    /// <summary>The peer's static key: 32 bytes once it is known and authentic, before that empty.</summary>
    /// <remarks>A responder of IK knows it, but not yet that the peer holds it now, after the first message: a replay has the same.</remarks>
    public ReadOnlySpan<byte> RemoteStaticKey => _hasRemoteStatic && !IsFailed ? _remoteStatic : default;

    /// <summary>A value of 32 bytes that both sides of a completed handshake share, and no two handshakes.</summary>
    /// <remarks>Noise revision 34 §11.2: channel binding</remarks>
    public ReadOnlySpan<byte> HandshakeHash => _symmetric.Hash;

    /// <summary>The side that writes first.</summary>
    /// <param name="pattern">The handshake.</param>
    /// <param name="staticKey">This side's key; the caller's, who disposes it after the handshake.</param>
    /// <param name="remoteStaticKey">The responder's key, 32 bytes, where the pattern says that it is known; otherwise empty.</param>
    /// <param name="prologue">Data that both sides must agree on, of any length; hashed, not sent.</param>
    /// <param name="random">Gives ephemeral keys.</param>
    public static HandshakeState CreateInitiator(
        HandshakePattern pattern, X25519PrivateKey staticKey, ReadOnlySpan<byte> remoteStaticKey, ReadOnlySpan<byte> prologue, IRandomSource random)
    {
        HandshakeState state = new(pattern, true, staticKey, prologue, random);
        int expected = pattern.ResponderStaticIsKnown ? PublicKeyLength : 0;
        if (remoteStaticKey.Length != expected)
            throw new ArgumentException($"This pattern needs {expected} bytes of the responder's static key.", nameof(remoteStaticKey));
        if (!pattern.ResponderStaticIsKnown) return state;

        remoteStaticKey.CopyTo(state._remoteStatic);
        state._hasRemoteStatic = true;
        state._symmetric.MixHash(remoteStaticKey);
        return state;
    }

    /// <summary>The side that reads first.</summary>
    /// <param name="pattern">The handshake.</param>
    /// <param name="staticKey">This side's key; the caller's, who disposes it after the handshake.</param>
    /// <param name="prologue">Data that both sides must agree on, of any length; hashed, not sent.</param>
    /// <param name="random">Gives ephemeral keys.</param>
    public static HandshakeState CreateResponder(HandshakePattern pattern, X25519PrivateKey staticKey, ReadOnlySpan<byte> prologue, IRandomSource random)
    {
        HandshakeState state = new(pattern, false, staticKey, prologue, random);
        if (pattern.ResponderStaticIsKnown) state._symmetric.MixHash(staticKey.PublicKey);
        return state;
    }

    /// <summary>Bytes that the next message, whoever writes it, has beyond its payload.</summary>
    public int NextMessageOverhead
    {
        get
        {
            bool hasKey = _symmetric.HasKey;
            int length = 0;
            foreach (HandshakeToken token in NextTokens())
            {
                int tag = hasKey ? CipherState.TagLength : 0;
                length += token switch
                {
                    HandshakeToken.E => PublicKeyLength,
                    HandshakeToken.S => PublicKeyLength + tag,
                    HandshakeToken.E1 => MlKem768.EncapsulationKeyLength + tag,
                    HandshakeToken.Ekem1 => MlKem768.CiphertextLength + tag,
                    _ => 0,
                };
                hasKey |= token is not (HandshakeToken.E or HandshakeToken.S or HandshakeToken.E1);
            }

            return length + (hasKey ? CipherState.TagLength : 0);
        }
    }

    /// <summary>The session's keys, once.</summary>
    /// <remarks>Noise revision 34 §5.2. The caller disposes both.</remarks>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or was split before.</exception>
    public (CipherState Send, CipherState Receive) Split()
    {
        if (!IsComplete || _split) throw new InvalidOperationException("Only a complete handshake is split, and once.");
        _split = true;
        (CipherState fromInitiator, CipherState fromResponder) = _symmetric.Split();
        return _initiator ? (fromInitiator, fromResponder) : (fromResponder, fromInitiator);
    }

    /// <summary>Erases the keys of the handshake; the session's keys live on.</summary>
    public void Dispose()
    {
        _symmetric.Dispose();
        _ephemeral?.Dispose();
        _kem?.Dispose();
    }

    private ReadOnlySpan<HandshakeToken> NextTokens() => _next < _pattern.MessageCount ? _pattern.Message(_next) : default;

    private bool Fail()
    {
        IsFailed = true;
        return false;
    }

    // The four Diffie-Hellman tokens: the first letter is the initiator's key, the second the responder's.
    private bool TryMixDiffieHellman(HandshakeToken token)
    {
        (bool initiatorEphemeral, bool responderEphemeral) = token switch
        {
            HandshakeToken.EE => (true, true),
            HandshakeToken.ES => (true, false),
            HandshakeToken.SE => (false, true),
            HandshakeToken.SS => (false, false),
            _ => throw new ArgumentOutOfRangeException(nameof(token)),
        };
        (bool ownEphemeral, bool remoteEphemeral) = _initiator ? (initiatorEphemeral, responderEphemeral) : (responderEphemeral, initiatorEphemeral);

        Span<byte> secret = stackalloc byte[X25519.KeyLength];
        bool agreed = (ownEphemeral ? _ephemeral! : _static).Agree(remoteEphemeral ? _remoteEphemeral : _remoteStatic, secret);
        if (agreed) _symmetric.MixKey(secret);
        CryptographicOperations.ZeroMemory(secret);
        return agreed;
    }
}
