using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin;

/// <summary>struct msghdr with its vector, address and control buffer, in pinned memory that is laid out once and then only refilled.</summary>
/// <remarks>sys/socket.h: sendmsg(2), recvmsg(2)</remarks>
internal sealed class MessageBuffer
{
    private const int NameLengthOffset = 8;
    private const int VectorOffset = 16;
    private const int VectorCountOffset = 24;
    private const int ControlOffset = 32;
    private const int ControlLengthOffset = 40;
    private const int HeaderSize = 56;

    private readonly byte[] _header = GC.AllocateArray<byte>(HeaderSize, pinned: true);
    private readonly IoVector[] _vector = GC.AllocateArray<IoVector>(1, pinned: true);
    private readonly byte[] _name = GC.AllocateArray<byte>(SocketAddress.MaxSize, pinned: true);
    private readonly byte[] _control = GC.AllocateArray<byte>(ControlMessages.Size, pinned: true);
    private readonly int _flagsOffset;

    internal MessageBuffer(SocketAbi abi)
    {
        _flagsOffset = abi.FlagsOffset;
        Set(0, Marshal.UnsafeAddrOfPinnedArrayElement(_name, 0));
        Set(VectorOffset, Marshal.UnsafeAddrOfPinnedArrayElement(_vector, 0));
        Set(VectorCountOffset, 1);
        Set(ControlOffset, Marshal.UnsafeAddrOfPinnedArrayElement(_control, 0));
    }

    /// <summary>Where the kernel finds the message; valid as long as this object.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_header, 0);

    /// <summary>All bytes for an address.</summary>
    internal Span<byte> Name => _name;

    /// <summary>All bytes for control messages.</summary>
    internal Span<byte> Control => _control;

    /// <summary>The address of what was received.</summary>
    internal ReadOnlySpan<byte> ReceivedName => _name.AsSpan(0, Math.Min(Get(NameLengthOffset), _name.Length));

    /// <summary>The control messages of what was received.</summary>
    internal ReadOnlySpan<byte> ReceivedControl => _control.AsSpan(0, Math.Min(Get(ControlLengthOffset), _control.Length));

    /// <summary>The flags of what was received.</summary>
    internal int Flags => Get(_flagsOffset);

    /// <summary>Sets what is moved, and how much of address and control buffer counts.</summary>
    /// <param name="bytes">A part of a batch.</param>
    /// <param name="nameLength">Bytes of the address; all of them to receive into.</param>
    /// <param name="controlLength">Bytes of control messages; all of them to receive into, 0 for none.</param>
    internal unsafe void Prepare(Span<byte> bytes, int nameLength, int controlLength)
    {
        // Safe: the memory of a batch is pinned for the batch's life, and the caller keeps the batch alive until the kernel has returned.
        _vector[0].Base = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        _vector[0].Length = (nuint)bytes.Length;
        MemoryMarshal.Write(_header.AsSpan(NameLengthOffset), in nameLength);
        // Eight bytes clear the flags where they follow a length of four.
        Set(ControlLengthOffset, controlLength);
        Set(ControlOffset, controlLength == 0 ? 0 : Marshal.UnsafeAddrOfPinnedArrayElement(_control, 0));
    }

    private void Set(int offset, nint value) => MemoryMarshal.Write(_header.AsSpan(offset), in value);

    private int Get(int offset) => MemoryMarshal.Read<int>(_header.AsSpan(offset));
}
