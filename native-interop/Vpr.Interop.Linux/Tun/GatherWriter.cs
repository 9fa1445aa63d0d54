using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Writes a packet that lies in pieces with one call, a header of ours in front when the queue wants one.</summary>
/// <remarks>writev(2)</remarks>
internal sealed class GatherWriter
{
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Libc.UIO_MAXIOV, pinned: true);
    private readonly byte[] _header = GC.AllocateArray<byte>(VnetHeader.Length, pinned: true);
    private readonly int _headerLength;

    internal GatherWriter(bool hasHeader)
    {
        _headerLength = hasHeader ? VnetHeader.Length : 0;
        _vectors[0].Base = Marshal.UnsafeAddrOfPinnedArrayElement(_header, 0);
        _vectors[0].Length = VnetHeader.Length;
    }

    /// <summary>Writes packet <paramref name="index"/>.</summary>
    /// <returns>False when the kernel does not take it, or when it has more pieces than one call may.</returns>
    internal unsafe bool TryWrite(int fd, PacketGather gather, int index)
    {
        ref GatheredPacket packet = ref gather[index];
        if (packet.PieceCount >= _vectors.Length) return false;
        int count = 1;
        foreach (Span<byte> piece in gather.Pieces(index))
        {
            // Safe: pieces lie in the pinned memory of a batch, which the gather keeps alive until the call is over.
            _vectors[count].Base = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(piece));
            _vectors[count].Length = (nuint)piece.Length;
            count++;
        }

        int first = 1;
        if (_headerLength > 0)
        {
            VnetHeader.Write(_header, packet.Segmentation, packet.SegmentSize, packet.HeaderLength, packet.Checksum);
            first = 0;
        }

        bool written = Libc.writev(fd, Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, first), count - first) == _headerLength + packet.Length;
        GC.KeepAlive(gather);
        return written;
    }
}
