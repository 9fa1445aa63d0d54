using System.Security.Cryptography;
using Vpr.Crypto;

namespace Vpr.Tls;

/// <summary>The chain of secrets from nothing (no PSK) over the key exchange to the master secret.</summary>
/// <remarks>RFC 8446 §7.1. Each step erases the secret before it.</remarks>
internal sealed class KeySchedule : IDisposable
{
    /// <summary>The longest secret, in bytes.</summary>
    public const int MaxSecretLength = SHA384.HashSizeInBytes;

    private readonly HkdfHash _hash;
    private readonly byte[] _secret;
    private readonly byte[] _emptyHash;

    /// <summary>Starts with the Early Secret of a handshake without PSK.</summary>
    public KeySchedule(HkdfHash hash)
    {
        _hash = hash;
        _emptyHash = hash == HkdfHash.Sha384 ? SHA384.HashData([]) : SHA256.HashData([]);
        _secret = GC.AllocateArray<byte>(_emptyHash.Length, pinned: true);
        Span<byte> zeros = stackalloc byte[MaxSecretLength];
        zeros.Clear();
        Hkdf.Extract(_hash, salt: zeros[..SecretLength], inputKeyMaterial: zeros[..SecretLength], _secret);
    }

    /// <summary>Bytes of every secret of this schedule: the hash's length.</summary>
    public int SecretLength => _secret.Length;

    /// <summary>The secret of the current step: Early, Handshake or Master.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>From Early Secret to Handshake Secret.</summary>
    /// <param name="sharedSecret">What the key exchange agreed on.</param>
    public void EnterHandshake(ReadOnlySpan<byte> sharedSecret) => Advance(sharedSecret);

    /// <summary>From Handshake Secret to Master Secret.</summary>
    public void EnterMaster()
    {
        Span<byte> zeros = stackalloc byte[MaxSecretLength];
        zeros.Clear();
        Advance(zeros[..SecretLength]);
    }

    /// <summary>Derive-Secret from the current step's secret.</summary>
    /// <param name="label">The label without "tls13 ".</param>
    /// <param name="transcriptHash">The hash of the messages so far.</param>
    /// <param name="output">The derived secret, exactly <see cref="SecretLength"/> bytes.</param>
    public void Derive(ReadOnlySpan<byte> label, ReadOnlySpan<byte> transcriptHash, Span<byte> output) =>
        Hkdf.ExpandLabel(_hash, _secret, label, transcriptHash, output);

    /// <summary>The verify_data of a Finished message.</summary>
    /// <param name="hash">The suite's hash.</param>
    /// <param name="baseKey">The sender's handshake traffic secret.</param>
    /// <param name="transcriptHash">The hash of the messages before this Finished.</param>
    /// <param name="output">As long as the hash.</param>
    /// <remarks>RFC 8446 §4.4.4</remarks>
    public static void FinishedVerifyData(HkdfHash hash, ReadOnlySpan<byte> baseKey, ReadOnlySpan<byte> transcriptHash, Span<byte> output)
    {
        Span<byte> finishedKey = stackalloc byte[MaxSecretLength];
        finishedKey = finishedKey[..baseKey.Length];
        Hkdf.ExpandLabel(hash, baseKey, "finished"u8, [], finishedKey);
        if (hash == HkdfHash.Sha384) HMACSHA384.HashData(finishedKey, transcriptHash, output);
        else HMACSHA256.HashData(finishedKey, transcriptHash, output);
        CryptographicOperations.ZeroMemory(finishedKey);
    }

    /// <summary>TLS-Exporter.</summary>
    /// <param name="hash">The suite's hash.</param>
    /// <param name="exporterMasterSecret">The exporter_master_secret.</param>
    /// <param name="label">The exporter's label.</param>
    /// <param name="context">The context value; empty when there is none.</param>
    /// <param name="output">The keying material.</param>
    /// <remarks>RFC 8446 §7.5</remarks>
    public static void Export(HkdfHash hash, ReadOnlySpan<byte> exporterMasterSecret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> digest = stackalloc byte[MaxSecretLength];
        Span<byte> secret = stackalloc byte[MaxSecretLength];
        digest = digest[..exporterMasterSecret.Length];
        secret = secret[..exporterMasterSecret.Length];
        HashData(hash, [], digest);
        Hkdf.ExpandLabel(hash, exporterMasterSecret, label, digest, secret);
        HashData(hash, context, digest);
        Hkdf.ExpandLabel(hash, secret, "exporter"u8, digest, output);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Puts the synthetic message_hash message in the place of the first ClientHello, once a HelloRetryRequest has answered it.</summary>
    /// <param name="transcript">The transcript, holding that ClientHello alone.</param>
    /// <remarks>RFC 8446 §4.4.1</remarks>
    public static void ReplaceWithMessageHash(TranscriptHash transcript)
    {
        Span<byte> message = stackalloc byte[4 + MaxSecretLength];
        int length = transcript.Hash.Length();
        const byte messageHash = 254;
        message[0] = messageHash;
        message[1] = 0;
        message[2] = 0;
        message[3] = (byte)length;
        transcript.Current(message.Slice(4, length));
        transcript.Reset();
        transcript.Append(message[..(4 + length)]);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    private void Advance(ReadOnlySpan<byte> inputKeyMaterial)
    {
        Span<byte> salt = stackalloc byte[MaxSecretLength];
        salt = salt[..SecretLength];
        Derive("derived"u8, _emptyHash, salt);
        Hkdf.Extract(_hash, salt, inputKeyMaterial, _secret);
        CryptographicOperations.ZeroMemory(salt);
    }

    private static void HashData(HkdfHash hash, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (hash == HkdfHash.Sha384) SHA384.HashData(source, destination);
        else SHA256.HashData(source, destination);
    }
}
