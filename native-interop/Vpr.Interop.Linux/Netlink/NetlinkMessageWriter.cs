using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Vpr.Interop.Linux;

/// <summary>Writes netlink messages, one after the other, into one buffer: header, fixed part, attributes, nested attributes.</summary>
/// <remarks>linux/netlink.h, netlink(7). Headers and lengths are in host order; everything starts on a multiple of 4 bytes. A message that does not fit is our own misuse and throws.</remarks>
internal ref struct NetlinkMessageWriter
{
    internal const int HeaderSize = 16;

    private const int Alignment = 4;
    private const int AttributeHeaderSize = 4;
    private const ushort NestedFlag = 0x8000;

    private readonly Span<byte> _buffer;
    private int _message;

    /// <summary>Starts with nothing written.</summary>
    /// <param name="buffer">Memory of the caller, cleared here: padding goes to the kernel as well.</param>
    internal NetlinkMessageWriter(Span<byte> buffer)
    {
        _buffer = buffer;
        _buffer.Clear();
        _message = -1;
    }

    /// <summary>How many messages have been finished.</summary>
    internal int MessageCount { get; private set; }

    /// <summary>Bytes written so far, padding included.</summary>
    internal int Length { get; private set; }

    /// <summary>The finished messages.</summary>
    internal readonly ReadOnlySpan<byte> Written => _message < 0
        ? _buffer[..Length]
        : throw new InvalidOperationException("The last message is not finished.");

    /// <summary>Begins a message; its length is known when <see cref="EndMessage"/> is called.</summary>
    internal void BeginMessage(int type, NetlinkFlags flags, uint sequence)
    {
        if (_message >= 0) throw new InvalidOperationException("The message before is not finished.");
        _message = Length;
        Span<byte> header = Take(HeaderSize);
        ushort kind = (ushort)type, bits = (ushort)flags;
        MemoryMarshal.Write(header[4..], in kind);
        MemoryMarshal.Write(header[6..], in bits);
        MemoryMarshal.Write(header[8..], in sequence);
    }

    /// <summary>Finishes the message.</summary>
    internal void EndMessage()
    {
        uint length = (uint)(Length - _message);
        MemoryMarshal.Write(_buffer[_message..], in length);
        _message = -1;
        MessageCount++;
    }

    /// <summary>Writes the fixed part that follows a message's header.</summary>
    internal void Fixed<T>(scoped in T value)
        where T : unmanaged => MemoryMarshal.Write(Take(Marshal.SizeOf<T>()), in value);

    /// <summary>Writes an attribute of raw bytes.</summary>
    internal void Attribute(int type, scoped ReadOnlySpan<byte> value) => value.CopyTo(BeginAttribute(type, value.Length));

    /// <summary>Writes an attribute of one byte.</summary>
    internal void Attribute(int type, byte value) => BeginAttribute(type, 1)[0] = value;

    /// <summary>Writes an attribute of 32 bits in host order, as rtnetlink has them.</summary>
    internal void Attribute(int type, uint value) => MemoryMarshal.Write(BeginAttribute(type, sizeof(uint)), in value);

    /// <summary>Writes an attribute of 32 bits in network order, as nf_tables has them.</summary>
    internal void AttributeBigEndian(int type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(BeginAttribute(type, sizeof(uint)), value);

    /// <summary>Writes an attribute of text with its terminating zero.</summary>
    internal void Attribute(int type, string value) => Encoding.UTF8.GetBytes(value, BeginAttribute(type, Encoding.UTF8.GetByteCount(value) + 1));

    /// <summary>Begins an attribute that holds attributes.</summary>
    /// <returns>What <see cref="EndNested"/> must be given.</returns>
    internal int BeginNested(int type)
    {
        int start = Length;
        BeginAttribute(type | NestedFlag, 0);
        return start;
    }

    /// <summary>Ends the nested attribute that began at <paramref name="start"/>.</summary>
    internal readonly void EndNested(int start)
    {
        ushort length = checked((ushort)(Length - start));
        MemoryMarshal.Write(_buffer[start..], in length);
    }

    private Span<byte> BeginAttribute(int type, int size)
    {
        Span<byte> attribute = Take(AttributeHeaderSize + size);
        ushort length = checked((ushort)(AttributeHeaderSize + size)), kind = (ushort)type;
        MemoryMarshal.Write(attribute, in length);
        MemoryMarshal.Write(attribute[2..], in kind);
        return attribute[AttributeHeaderSize..];
    }

    private Span<byte> Take(int size)
    {
        int aligned = (size + Alignment - 1) & ~(Alignment - 1);
        if (_buffer.Length - Length < aligned) throw new InvalidOperationException("The netlink message is larger than its buffer.");
        Span<byte> part = _buffer.Slice(Length, size);
        Length += aligned;
        return part;
    }
}
