using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>Walks the messages of one datagram from the kernel. Lengths are checked before use; a message that lies about its length ends the walk.</summary>
/// <remarks>linux/netlink.h</remarks>
internal ref struct NetlinkMessageReader(ReadOnlySpan<byte> datagram)
{
    /// <summary>NLMSG_ERROR: a refusal, or an acknowledgement when its code is 0.</summary>
    internal const ushort ErrorType = 2;

    /// <summary>NLMSG_DONE: the end of a list.</summary>
    internal const ushort DoneType = 3;

    private ReadOnlySpan<byte> _rest = datagram;

    /// <summary>nlmsg_type.</summary>
    internal ushort Type { get; private set; }

    /// <summary>nlmsg_flags.</summary>
    internal NetlinkFlags Flags { get; private set; }

    /// <summary>nlmsg_seq: the request this answers.</summary>
    internal uint Sequence { get; private set; }

    /// <summary>What follows the header.</summary>
    internal ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>Moves to the next message.</summary>
    /// <returns><see langword="false"/> after the last.</returns>
    internal bool Read()
    {
        if (_rest.Length < NetlinkMessageWriter.HeaderSize) return false;
        uint length = MemoryMarshal.Read<uint>(_rest);
        if (length < NetlinkMessageWriter.HeaderSize || length > (uint)_rest.Length) return false;
        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = (NetlinkFlags)MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Body = _rest[NetlinkMessageWriter.HeaderSize..(int)length];
        _rest = _rest[Math.Min(_rest.Length, ((int)length + 3) & ~3)..];
        return true;
    }
}
