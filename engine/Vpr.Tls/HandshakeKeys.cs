using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The transcript of one handshake and every secret that follows from it.</summary>
/// <remarks>RFC 8446 §4.4, §7.1. The same for both ends; which secret reads and which writes is the handshake's affair.</remarks>
internal sealed class HandshakeKeys : IDisposable
{
    private readonly HkdfHash _hash;
    private readonly KeySchedule _schedule;
    private readonly byte[] _secrets;

    public HandshakeKeys(CipherSuite suite)
    {
        CipherSuite = suite;
        _hash = suite.Hash();
        _schedule = new KeySchedule(_hash);
        _secrets = GC.AllocateArray<byte>(5 * HashLength, pinned: true);
        Transcript = new TranscriptHash(_hash);
    }

    /// <summary>The negotiated suite.</summary>
    public CipherSuite CipherSuite { get; }

    /// <summary>The messages so far.</summary>
    public TranscriptHash Transcript { get; }

    /// <summary>Bytes of the hash and of each secret: 32 or 48.</summary>
    public int HashLength => _schedule.SecretLength;

    /// <summary>client_handshake_traffic_secret.</summary>
    public ReadOnlySpan<byte> ClientHandshakeTraffic => SecretAt(0);

    /// <summary>server_handshake_traffic_secret.</summary>
    public ReadOnlySpan<byte> ServerHandshakeTraffic => SecretAt(1);

    /// <summary>client_application_traffic_secret_0.</summary>
    public ReadOnlySpan<byte> ClientApplicationTraffic => SecretAt(2);

    /// <summary>server_application_traffic_secret_0.</summary>
    public ReadOnlySpan<byte> ServerApplicationTraffic => SecretAt(3);

    /// <summary>exporter_master_secret.</summary>
    public ReadOnlySpan<byte> ExporterMaster => SecretAt(4);

    /// <summary>Derives the handshake traffic secrets, once the transcript ends with ServerHello.</summary>
    /// <param name="sharedSecret">What the key exchange agreed on.</param>
    public void EnterHandshake(ReadOnlySpan<byte> sharedSecret)
    {
        _schedule.EnterHandshake(sharedSecret);
        Span<byte> transcriptHash = stackalloc byte[HashLength];
        Transcript.Current(transcriptHash);
        _schedule.Derive("c hs traffic"u8, transcriptHash, SecretAt(0));
        _schedule.Derive("s hs traffic"u8, transcriptHash, SecretAt(1));
    }

    /// <summary>Derives the application traffic secrets and the exporter's, once the transcript ends with the server's Finished.</summary>
    public void EnterApplication()
    {
        _schedule.EnterMaster();
        Span<byte> transcriptHash = stackalloc byte[HashLength];
        Transcript.Current(transcriptHash);
        _schedule.Derive("c ap traffic"u8, transcriptHash, SecretAt(2));
        _schedule.Derive("s ap traffic"u8, transcriptHash, SecretAt(3));
        _schedule.Derive("exp master"u8, transcriptHash, SecretAt(4));
        _schedule.Dispose(); // the Master Secret has no other child without resumption
    }

    /// <summary>The verify_data of the Finished that would come next.</summary>
    /// <param name="senderTraffic">The sender's handshake traffic secret.</param>
    /// <param name="verifyData">Exactly <see cref="HashLength"/> bytes.</param>
    /// <remarks>RFC 8446 §4.4.4</remarks>
    public void Finished(ReadOnlySpan<byte> senderTraffic, Span<byte> verifyData)
    {
        Span<byte> transcriptHash = stackalloc byte[HashLength];
        Transcript.Current(transcriptHash);
        KeySchedule.FinishedVerifyData(_hash, senderTraffic, transcriptHash, verifyData);
    }

    /// <summary>TLS-Exporter, after <see cref="EnterApplication"/>.</summary>
    public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output) =>
        KeySchedule.Export(_hash, ExporterMaster, label, context, output);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secrets);
        _schedule.Dispose();
        Transcript.Dispose();
    }

    private Span<byte> SecretAt(int index) => _secrets.AsSpan(index * HashLength, HashLength);
}
