namespace Vpr.Quic.Streams;

/// <summary>The part of a byte stream that is held in memory: a window over offsets, backed by pooled pieces that exist only where something was written.</summary>
/// <param name="pool">Where pieces come from and go back to.</param>
internal sealed class ChunkWindow(ChunkPool pool)
{
    private const ulong Size = ChunkPool.ChunkSize;

    private byte[]?[] _chunks = new byte[]?[4];
    private ulong _first;
    private ulong _end;

    /// <summary>Writes <paramref name="data"/> at <paramref name="offset"/>, which is not below what <see cref="TrimTo"/> gave up.</summary>
    public void Write(ulong offset, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int within = (int)(offset % Size);
            int count = Math.Min(data.Length, ChunkPool.ChunkSize - within);
            data[..count].CopyTo(Chunk(offset / Size).AsSpan(within));
            data = data[count..];
            offset += (ulong)count;
        }
    }

    /// <summary>Copies what was written at <paramref name="offset"/> and on, as much as <paramref name="destination"/> holds.</summary>
    public void CopyTo(ulong offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int within = (int)(offset % Size);
            int count = Math.Min(destination.Length, ChunkPool.ChunkSize - within);
            _chunks[Index(offset / Size)].AsSpan(within, count).CopyTo(destination);
            destination = destination[count..];
            offset += (ulong)count;
        }
    }

    /// <summary>Gives up everything below <paramref name="offset"/>.</summary>
    public void TrimTo(ulong offset)
    {
        ulong first = offset / Size;
        for (; _first < first && _first < _end; _first++) Release(_first);
        if (_first < first) _first = _end = first;
    }

    /// <summary>Gives up everything and starts again at offset 0.</summary>
    public void Clear()
    {
        for (; _first < _end; _first++) Release(_first);
        _first = _end = 0;
    }

    private void Release(ulong chunk)
    {
        ref byte[]? slot = ref _chunks[Index(chunk)];
        if (slot is not null) pool.Return(slot);
        slot = null;
    }

    private byte[] Chunk(ulong chunk)
    {
        while (chunk - _first >= (ulong)_chunks.Length) Grow();
        if (chunk >= _end) _end = chunk + 1;
        return _chunks[Index(chunk)] ??= pool.Rent();
    }

    private int Index(ulong chunk) => (int)(chunk & (ulong)(_chunks.Length - 1));

    private void Grow()
    {
        byte[]?[] grown = new byte[]?[_chunks.Length * 2];
        for (ulong chunk = _first; chunk < _end; chunk++) grown[chunk & (ulong)(grown.Length - 1)] = _chunks[Index(chunk)];
        _chunks = grown;
    }
}
