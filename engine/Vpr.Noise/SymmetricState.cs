using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Vpr.Crypto;

namespace Vpr.Noise;

/// <summary>The chaining key, the handshake hash and the key of the moment.</summary>
/// <remarks>Noise revision 34 §5.2, with SHA-256. Noise's HKDF is that of RFC 5869 with the chaining key as salt and no info.</remarks>
internal sealed class SymmetricState : IDisposable
{
    internal const int HashLength = 32;

    private readonly byte[] _chainingKey = GC.AllocateArray<byte>(HashLength, pinned: true);
    private readonly byte[] _hash = new byte[HashLength];
    private readonly TranscriptHash _hasher = new(HkdfHash.Sha256);
    private CipherState? _cipher;

    internal SymmetricState(string protocolName)
    {
        // A name that fits is padded with zeros; a longer one is hashed.
        if (protocolName.Length <= HashLength)
        {
            Encoding.ASCII.GetBytes(protocolName, _hash);
        }
        else
        {
            _hasher.Append(Encoding.ASCII.GetBytes(protocolName));
            _hasher.Current(_hash);
        }

        _hash.CopyTo(_chainingKey, 0);
    }

    /// <summary>Whether a key has been mixed in, so that what follows is encrypted.</summary>
    internal bool HasKey => _cipher is not null;

    internal ReadOnlySpan<byte> Hash => _hash;

    internal void MixKey(ReadOnlySpan<byte> inputKeyMaterial)
    {
        Span<byte> outputs = stackalloc byte[2 * HashLength];
        Derive(inputKeyMaterial, outputs);
        outputs[..HashLength].CopyTo(_chainingKey);
        _cipher?.Dispose();
        _cipher = new CipherState(outputs[HashLength..]);
        CryptographicOperations.ZeroMemory(outputs);
    }

    internal void MixHash(ReadOnlySpan<byte> data)
    {
        _hasher.Reset();
        _hasher.Append(_hash);
        _hasher.Append(data);
        _hasher.Current(_hash);
    }

    /// <summary>Encrypts, if there is a key, what lies at the start of <paramref name="buffer"/> and puts the tag behind it.</summary>
    /// <returns>Bytes in the buffer now.</returns>
    internal int EncryptAndHash(Span<byte> buffer, int length)
    {
        int written = length;
        if (_cipher is not null)
        {
            bool encrypted = _cipher.TryEncrypt(_hash, buffer[..length], buffer.Slice(length, CipherState.TagLength));
            Debug.Assert(encrypted, "a handshake has a handful of messages");
            written += CipherState.TagLength;
        }

        MixHash(buffer[..written]);
        return written;
    }

    /// <summary>Decrypts, if there is a key, <paramref name="received"/> into <paramref name="plaintext"/>.</summary>
    /// <param name="received">As it came; longer than the plaintext by a tag if there is a key.</param>
    /// <param name="plaintext">Exactly as long as what is inside; cleared when false is returned.</param>
    /// <returns>Whether it is authentic.</returns>
    internal bool DecryptAndHash(ReadOnlySpan<byte> received, Span<byte> plaintext)
    {
        Debug.Assert(received.Length == plaintext.Length + (HasKey ? CipherState.TagLength : 0));
        received[..plaintext.Length].CopyTo(plaintext);
        if (_cipher is not null && !_cipher.TryDecrypt(_hash, plaintext, received[plaintext.Length..]))
        {
            plaintext.Clear();
            return false;
        }

        MixHash(received);
        return true;
    }

    /// <summary>The two transport keys: initiator to responder, and back.</summary>
    internal (CipherState FromInitiator, CipherState FromResponder) Split()
    {
        Span<byte> outputs = stackalloc byte[2 * HashLength];
        Derive([], outputs);
        CipherState first = new(outputs[..HashLength]), second = new(outputs[HashLength..]);
        CryptographicOperations.ZeroMemory(outputs);
        return (first, second);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_chainingKey);
        _cipher?.Dispose();
        _hasher.Dispose();
    }

    private void Derive(ReadOnlySpan<byte> inputKeyMaterial, Span<byte> outputs)
    {
        Span<byte> temporary = stackalloc byte[HashLength];
        Hkdf.Extract(HkdfHash.Sha256, _chainingKey, inputKeyMaterial, temporary);
        Hkdf.Expand(HkdfHash.Sha256, temporary, [], outputs);
        CryptographicOperations.ZeroMemory(temporary);
    }
}
