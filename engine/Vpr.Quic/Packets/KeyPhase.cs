using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Io;
using Vpr.Tls;
using Vpr.Wire.Tls;

namespace Vpr.Quic;

/// <summary>The 1-RTT keys of both directions and their updates.</summary>
/// <remarks>
/// RFC 9001 §6. The keys of the next phase are always ready, so a packet that updates takes no longer to open than any other (§6.3).
/// The keys of the previous phase stay until <see cref="Expire"/>, for packets that were overtaken.
/// </remarks>
internal sealed class KeyPhase : IDisposable
{
    private readonly PacketProtection _read;
    private readonly PacketProtection _write;
    private readonly CipherSuite _suite;
    private readonly byte[] _nextReadSecret;
    private readonly byte[] _nextWriteSecret;
    private PacketKey _readKey;
    private PacketKey _writeKey;
    private PacketKey _nextReadKey;
    private PacketKey _nextWriteKey;
    private PacketKey? _previousReadKey;
    private ulong _firstReceived = ulong.MaxValue;
    private ulong? _firstSent;
    private bool _acknowledged;

    /// <summary>Derives the keys of the first phase and the one after it.</summary>
    /// <param name="suite">The negotiated suite.</param>
    /// <param name="readSecret">The peer's first 1-RTT secret; copied.</param>
    /// <param name="writeSecret">Ours; copied.</param>
    public KeyPhase(CipherSuite suite, ReadOnlySpan<byte> readSecret, ReadOnlySpan<byte> writeSecret)
    {
        _suite = suite;
        _read = PacketProtection.Derive(suite, readSecret);
        _write = PacketProtection.Derive(suite, writeSecret);
        _readKey = _read.Key;
        _writeKey = _write.Key;
        _nextReadSecret = GC.AllocateUninitializedArray<byte>(suite.Hash().Length(), pinned: true);
        _nextWriteSecret = GC.AllocateUninitializedArray<byte>(suite.Hash().Length(), pinned: true);
        readSecret.CopyTo(_nextReadSecret);
        writeSecret.CopyTo(_nextWriteSecret);
        PrepareNext();
    }

    /// <summary>The Key Phase bit of packets sent now.</summary>
    public bool Bit { get; private set; }

    /// <summary>How often the keys were updated, by either end.</summary>
    public ulong Updates { get; private set; }

    /// <summary>Packets protected with the current key.</summary>
    public ulong PacketsProtected { get; private set; }

    /// <summary>Packets that failed to authenticate, over all phases.</summary>
    public ulong Failures { get; private set; }

    /// <summary>Whether the AEAD's limits forbid to go on with this connection.</summary>
    /// <remarks>RFC 9001 §6.6</remarks>
    public bool LimitReached => Failures >= AeadLimits.Integrity(_suite) || PacketsProtected >= AeadLimits.Confidentiality(_suite);

    /// <summary>When the previous phase's keys are to be discarded by <see cref="Expire"/>; null when there are none.</summary>
    public Instant? PreviousKeyExpiry { get; private set; }

    /// <summary>Whether an update may be started: the peer acknowledged a packet of this phase and the previous keys are gone.</summary>
    /// <remarks>RFC 9001 §6.1, §6.5</remarks>
    public bool CanUpdate => _acknowledged && _previousReadKey is null;

    /// <summary>Protects a packet with the current key; arguments as in <see cref="PacketProtection.Protect"/>. The Key Phase bit must be in its header.</summary>
    public void Protect(Span<byte> packet, int numberOffset, int numberLength, ulong number)
    {
        _firstSent ??= number;
        PacketsProtected++;
        _write.Protect(packet, numberOffset, numberLength, number, _writeKey);
    }

    /// <summary>Removes header protection; see <see cref="PacketProtection.Unmask"/>.</summary>
    public uint Unmask(Span<byte> packet, int numberOffset, out int numberLength) => _read.Unmask(packet, numberOffset, out numberLength);

    /// <summary>Makes the masks of several packets; see <see cref="PacketProtection.MaskTogether"/>.</summary>
    public void MaskTogether(Span<byte> samples) => _read.MaskTogether(samples);

    /// <summary>Opens a packet whose header is unmasked, with the key that its Key Phase bit and number ask for.</summary>
    /// <param name="packet">The packet; its payload is plain text afterwards.</param>
    /// <param name="headerLength">Bytes before the payload.</param>
    /// <param name="number">The full packet number.</param>
    /// <param name="phaseBit">The packet's Key Phase bit.</param>
    /// <param name="updates">Whether the peer updated its keys with this packet: the caller calls <see cref="OnPeerUpdate"/>.</param>
    /// <returns>Whether the packet is authentic.</returns>
    public bool Open(Span<byte> packet, int headerLength, ulong number, bool phaseBit, out bool updates)
    {
        updates = false;
        PacketKey? key = _readKey;
        if (phaseBit != Bit)
        {
            // §6.3: a number below the phase's first one belongs to the phase before.
            bool isOld = number < _firstReceived && Updates > 0;
            key = isOld ? _previousReadKey : _nextReadKey;
            updates = !isOld;
            if (key is null) return false;
        }

        int tag = packet.Length - PacketKey.TagLength;
        if (!key.Open(number, packet[..headerLength], packet[headerLength..tag], packet[tag..]))
        {
            Failures++;
            updates = false;
            return false;
        }

        if (phaseBit == Bit && number < _firstReceived) _firstReceived = number;
        return true;
    }

    /// <summary>Follows the peer to the next phase.</summary>
    /// <param name="number">The number of the packet that made the change.</param>
    /// <returns>False when the peer updates again before it can have seen our answer to the last update: a KEY_UPDATE_ERROR.</returns>
    /// <remarks>RFC 9001 §6.2</remarks>
    public bool OnPeerUpdate(ulong number)
    {
        if (Updates > 0 && _firstSent is null) return false;
        Advance();
        _firstReceived = number;
        return true;
    }

    /// <summary>Moves to the next phase on our own.</summary>
    /// <returns>False when it is too early: see <see cref="CanUpdate"/>.</returns>
    public bool TryUpdate()
    {
        if (!CanUpdate) return false;
        Advance();
        return true;
    }

    /// <summary>Takes note that the peer acknowledged 1-RTT packets up to <paramref name="largest"/>.</summary>
    /// <returns>False when the acknowledgement came under keys older than the packet it acknowledges, which a peer must not do: a KEY_UPDATE_ERROR.</returns>
    /// <param name="largest">The largest acknowledged number.</param>
    /// <param name="phaseBit">The Key Phase bit of the packet that carried the acknowledgement.</param>
    public bool OnAcknowledged(ulong largest, bool phaseBit)
    {
        if (_firstSent is not { } first || largest < first) return true;
        // §6.2: who has opened a packet of the new phase answers in it.
        if (phaseBit != Bit) return false;
        _acknowledged = true;
        return true;
    }

    /// <summary>Whether <see cref="StartExpiry"/> has something to do.</summary>
    public bool AwaitsExpiry => _previousReadKey is not null && _firstReceived != ulong.MaxValue && PreviousKeyExpiry is null;

    /// <summary>Starts the wait for overtaken packets of the previous phase, once a packet of this one has come.</summary>
    /// <param name="expiry">When they are no longer awaited.</param>
    /// <remarks>RFC 9001 §6.5</remarks>
    public void StartExpiry(Instant expiry)
    {
        if (AwaitsExpiry) PreviousKeyExpiry = expiry;
    }

    /// <summary>Discards the previous phase's keys when their time has come.</summary>
    public void Expire(Instant now)
    {
        if (PreviousKeyExpiry is not { } expiry || now < expiry) return;
        PreviousKeyExpiry = null;
        _previousReadKey?.Dispose();
        _previousReadKey = null;
    }

    /// <summary>Erases all keys.</summary>
    public void Dispose()
    {
        _previousReadKey?.Dispose();
        _readKey.Dispose();
        _writeKey.Dispose();
        _nextReadKey.Dispose();
        _nextWriteKey.Dispose();
        _read.Dispose();
        _write.Dispose();
        CryptographicOperations.ZeroMemory(_nextReadSecret);
        CryptographicOperations.ZeroMemory(_nextWriteSecret);
    }

    private void Advance()
    {
        _previousReadKey?.Dispose();
        _previousReadKey = _readKey;
        PreviousKeyExpiry = null;
        _writeKey.Dispose();
        (_readKey, _writeKey) = (_nextReadKey, _nextWriteKey);
        Bit = !Bit;
        Updates++;
        PacketsProtected = 0;
        _firstReceived = ulong.MaxValue;
        _firstSent = null;
        _acknowledged = false;
        PrepareNext();
    }

    [MemberNotNull(nameof(_nextReadKey), nameof(_nextWriteKey))]
    private void PrepareNext()
    {
        UpdateSecret(_nextReadSecret);
        UpdateSecret(_nextWriteSecret);
        _nextReadKey = PacketKey.Derive(_suite, _nextReadSecret);
        _nextWriteKey = PacketKey.Derive(_suite, _nextWriteSecret);
    }

    // §6.1: secret_<n+1> = HKDF-Expand-Label(secret_<n>, "quic ku", "", Hash.length)
    private void UpdateSecret(Span<byte> secret)
    {
        Span<byte> next = stackalloc byte[secret.Length];
        Hkdf.ExpandLabel(_suite.Hash(), secret, "quic ku"u8, [], next);
        next.CopyTo(secret);
        CryptographicOperations.ZeroMemory(next);
    }
}
