using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>The headers, vectors, addresses and control buffers of one batch of messages, in pinned memory that is laid out once and then only refilled.</summary>
/// <remarks>recvmmsg(2), sendmmsg(2)</remarks>
internal sealed class MessageArray
{
    private readonly BatchMessageHeader[] _headers;
    private readonly IoVector[] _vectors;
    private readonly byte[] _names;
    private readonly byte[] _controls;
    private readonly int _controlSize;

    internal MessageArray(int capacity, int controlSize)
    {
        Capacity = capacity;
        _controlSize = controlSize;
        _headers = GC.AllocateArray<BatchMessageHeader>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        _names = GC.AllocateArray<byte>(capacity * SocketAddress.MaxSize, pinned: true);
        _controls = GC.AllocateArray<byte>(capacity * controlSize, pinned: true);
        for (int i = 0; i < capacity; i++)
        {
            ref MessageHeader header = ref _headers[i].Header;
            header.Name = Marshal.UnsafeAddrOfPinnedArrayElement(_names, i * SocketAddress.MaxSize);
            header.Vectors = Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, i);
            header.VectorCount = 1;
            header.Control = Marshal.UnsafeAddrOfPinnedArrayElement(_controls, i * controlSize);
        }
    }

    /// <summary>How many messages fit.</summary>
    internal int Capacity { get; }

    /// <summary>Message <paramref name="index"/>.</summary>
    internal ref BatchMessageHeader this[int index] => ref _headers[index];

    /// <summary>Bytes of message <paramref name="index"/>, as it was set.</summary>
    internal int LengthOf(int index) => (int)_vectors[index].Length;

    /// <summary>Where the kernel finds message <paramref name="index"/> and those after it; valid as long as this object.</summary>
    internal nint AddressOf(int index) => Marshal.UnsafeAddrOfPinnedArrayElement(_headers, index);

    /// <summary>All address bytes of message <paramref name="index"/>.</summary>
    internal Span<byte> Name(int index) => _names.AsSpan(index * SocketAddress.MaxSize, SocketAddress.MaxSize);

    /// <summary>All control bytes of message <paramref name="index"/>.</summary>
    internal Span<byte> Control(int index) => _controls.AsSpan(index * _controlSize, _controlSize);

    /// <summary>Points message <paramref name="index"/> at <paramref name="bytes"/>, which must lie in a <see cref="PacketBatch"/>.</summary>
    internal unsafe void SetBuffer(int index, Span<byte> bytes)
    {
        // Safe: the memory of a batch is pinned for the batch's life, and the caller keeps the batch alive until the kernel has returned.
        _vectors[index].Base = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        _vectors[index].Length = (nuint)bytes.Length;
    }

    /// <summary>Makes message <paramref name="index"/> ready to be received into: the kernel overwrites the lengths every time.</summary>
    internal void PrepareReceive(int index, Span<byte> bytes)
    {
        SetBuffer(index, bytes);
        ref MessageHeader header = ref _headers[index].Header;
        header.NameLength = SocketAddress.MaxSize;
        header.ControlLength = (nuint)_controlSize;
        header.Flags = 0;
    }
}
