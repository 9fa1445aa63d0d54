namespace Vpr.Quic.Streams;

/// <summary>Lends the memory that stream data waits in, in pieces of one size.</summary>
/// <remarks>Belongs to one loop, like the connections that share it. Pieces are not cleared: what is read was written before.</remarks>
/// <param name="retained">How many returned pieces are kept for the next user, 0 or more.</param>
internal sealed class ChunkPool(int retained)
{
    /// <summary>Bytes of a piece.</summary>
    public const int ChunkSize = 4096;

    private readonly Stack<byte[]> _free = new();

    /// <summary>Pieces lent and not returned.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Lends a piece of <see cref="ChunkSize"/> bytes.</summary>
    public byte[] Rent()
    {
        Outstanding++;
        return _free.TryPop(out byte[]? chunk) ? chunk : GC.AllocateUninitializedArray<byte>(ChunkSize);
    }

    /// <summary>Takes a piece back.</summary>
    public void Return(byte[] chunk)
    {
        Outstanding--;
        if (_free.Count < retained) _free.Push(chunk);
    }
}
