using System.Buffers;
using Vpr.Quic;

namespace Vpr.Http3;

/// <summary>Keeps a few datagrams that overtook the message which makes sense of them: the request, or its acceptance.</summary>
/// <remarks>
/// RFC 9297 §2.1 lets a receiver drop or buffer them; a lost handshake packet would else cost the first packets of every tunnel. Bounded by
/// <see cref="Capacity"/> and <see cref="MaxBytes"/> a connection; what does not fit is dropped, as the network might have.
/// </remarks>
internal sealed class EarlyDatagrams
{
    /// <summary>How many datagrams are kept.</summary>
    public const int Capacity = 16;

    /// <summary>How many bytes are kept.</summary>
    public const int MaxBytes = 16 << 10;

    private readonly Entry[] _entries = new Entry[Capacity];
    private byte[] _octets = [];
    private int _count;
    private int _used;

    /// <summary>Keeps a copy of a datagram, if there is room.</summary>
    public void Add(StreamId stream, ReadOnlySpan<byte> payload)
    {
        if (_count == Capacity || payload.Length > MaxBytes - _used) return;
        if (_octets.Length == 0) _octets = ArrayPool<byte>.Shared.Rent(MaxBytes);
        payload.CopyTo(_octets.AsSpan(_used));
        _entries[_count++] = new Entry(stream, _used, payload.Length);
        _used += payload.Length;
    }

    /// <summary>Hands a stream's datagrams to its handler and forgets them.</summary>
    public void Deliver(Http3Stream stream, IHttpDatagramHandler handler)
    {
        for (int i = 0; i < _count; i++)
            if (_entries[i].Stream == stream.Id) handler.OnHttpDatagram(stream, _octets.AsSpan(_entries[i].Start, _entries[i].Length));
        Forget(stream.Id);
    }

    /// <summary>Drops a stream's datagrams; the memory goes back when none is left.</summary>
    public void Forget(StreamId stream)
    {
        int kept = 0;
        int used = 0;
        for (int i = 0; i < _count; i++)
        {
            Entry entry = _entries[i];
            if (entry.Stream == stream) continue;
            _octets.AsSpan(entry.Start, entry.Length).CopyTo(_octets.AsSpan(used));
            _entries[kept++] = entry with { Start = used };
            used += entry.Length;
        }

        _count = kept;
        _used = used;
        if (kept > 0 || _octets.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _count = 0;
        Forget(default);
    }

    private readonly record struct Entry(StreamId Stream, int Start, int Length);
}
