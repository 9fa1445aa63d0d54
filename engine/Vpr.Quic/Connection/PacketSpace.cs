using Vpr.Quic.Recovery;
using Vpr.Quic.Streams;
using Vpr.Tls;

namespace Vpr.Quic;

/// <summary>One packet number space with the keys and the handshake stream of its encryption level.</summary>
/// <remarks>RFC 9000 §12.3, RFC 9001 §4.1.3</remarks>
/// <param name="number">Which of the three.</param>
/// <param name="acks">Its acknowledgements.</param>
/// <param name="pool">Where memory for handshake bytes comes from.</param>
internal sealed class PacketSpace(PacketNumberSpace number, AckGenerator acks, ChunkPool pool) : IDisposable
{
    private PacketProtection? _read;
    private PacketProtection? _write;

    /// <summary>Which of the three.</summary>
    public PacketNumberSpace Number { get; } = number;

    /// <summary>The encryption level of its packets and its CRYPTO frames.</summary>
    public EncryptionLevel Level => Number switch
    {
        PacketNumberSpace.Initial => EncryptionLevel.Initial,
        PacketNumberSpace.Handshake => EncryptionLevel.Handshake,
        _ => EncryptionLevel.Application,
    };

    /// <summary>What was received and is to be acknowledged.</summary>
    public AckGenerator Acks { get; } = acks;

    /// <summary>The handshake bytes.</summary>
    public CryptoStream Crypto { get; } = new(pool);

    /// <summary>The 1-RTT keys, in the Application space alone.</summary>
    public KeyPhase? KeyPhase { get; set; }

    /// <summary>Opens long-header packets of this space; null before the keys come and after they are discarded.</summary>
    public PacketProtection? Read => _read;

    /// <summary>Protects long-header packets of this space; null before the keys come and after they are discarded.</summary>
    public PacketProtection? Write => _write;

    /// <summary>Whether packets can be sent.</summary>
    public bool CanSend => _write is not null || KeyPhase is not null;

    /// <summary>Whether the keys were discarded: the space is never used again.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>The number of the next packet.</summary>
    public ulong NextNumber { get; set; }

    /// <summary>The largest number the peer acknowledged.</summary>
    public ulong? LargestAcknowledged { get; set; }

    /// <summary>Whether a PING is to be sent although nothing else is.</summary>
    public bool PingRequested { get; set; }

    /// <summary>Installs long-header keys of one direction or both; those there were before are erased.</summary>
    public void Install(PacketProtection? read, PacketProtection? write)
    {
        if (read is not null)
        {
            _read?.Dispose();
            _read = read;
        }

        if (write is not null)
        {
            _write?.Dispose();
            _write = write;
        }
    }

    /// <summary>Erases the keys and forgets what waits; RFC 9001 §4.9.</summary>
    public void Discard()
    {
        Dispose();
        IsDiscarded = true;
        PingRequested = false;
        Crypto.Discard();
        Acks.OnAckSent();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _read?.Dispose();
        _write?.Dispose();
        KeyPhase?.Dispose();
        (_read, _write, KeyPhase) = (null, null, null);
    }
}
