using Vpr.Quic.Streams;

namespace Vpr.Quic;

/// <summary>The handshake bytes of one encryption level in both directions: sent until acknowledged, put in order as they come.</summary>
/// <remarks>RFC 9000 §7.5, §19.6. There is no flow control; our own bound is <see cref="MaxBuffered"/>.</remarks>
/// <param name="pool">Where memory comes from.</param>
internal sealed class CryptoStream(ChunkPool pool)
{
    /// <summary>How far ahead of what TLS has read bytes may arrive; §7.5 asks for 4096 at least.</summary>
    public const int MaxBuffered = 1 << 16;

    private readonly SendBuffer _outgoing = new(pool);
    private readonly ReceiveBuffer _incoming = new(pool);

    /// <summary>Whether a CRYPTO frame waits to be sent.</summary>
    public bool HasUnsent => _outgoing.HasUncreditedWork || _outgoing.HasNewData;

    /// <summary>Appends bytes of TLS; they are copied.</summary>
    public void Append(ReadOnlySpan<byte> data) => _outgoing.Write(data);

    /// <summary>Takes the next bytes to be sent.</summary>
    /// <param name="room">The most that are wanted, 1 or more.</param>
    /// <param name="offset">Where they belong.</param>
    /// <param name="length">How many there are; <see cref="CopyTo"/> gives them.</param>
    public bool TryTake(int room, out ulong offset, out int length) => _outgoing.TryTake(room, ulong.MaxValue, out offset, out length, out _);

    /// <summary>Copies bytes that were taken.</summary>
    public void CopyTo(ulong offset, Span<byte> destination) => _outgoing.CopyTo(offset, destination);

    /// <summary>The peer has these bytes.</summary>
    public void OnAcknowledged(ulong offset, int length) => _outgoing.OnAcknowledged(offset, length, fin: false);

    /// <summary>These bytes are to be sent again.</summary>
    public void OnLost(ulong offset, int length) => _outgoing.OnLost(offset, length, fin: false);

    /// <summary>Takes a frame.</summary>
    /// <returns>False when the bytes lie too far ahead, or in too many pieces: CRYPTO_BUFFER_EXCEEDED.</returns>
    public bool TryReceive(ulong offset, ReadOnlySpan<byte> data) =>
        offset + (ulong)data.Length <= _incoming.ReadOffset + MaxBuffered && _incoming.Insert(offset, data);

    /// <summary>Reads what is there in order.</summary>
    /// <returns>Bytes read, 0 when the next ones are missing.</returns>
    public int Read(Span<byte> destination) => _incoming.Read(destination);

    /// <summary>Forgets everything, when the level's keys are discarded.</summary>
    public void Discard()
    {
        _outgoing.Clear();
        _incoming.Clear();
    }
}
