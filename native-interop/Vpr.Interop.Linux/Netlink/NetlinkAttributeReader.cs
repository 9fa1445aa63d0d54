using System.Runtime.InteropServices;
using System.Text;

namespace Vpr.Interop.Linux;

/// <summary>Walks the attributes of a message or of a nested attribute. Lengths are checked before use; a lying length ends the walk.</summary>
/// <remarks>linux/netlink.h, struct nlattr</remarks>
internal ref struct NetlinkAttributeReader(ReadOnlySpan<byte> attributes)
{
    private const int HeaderSize = 4;

    /// <summary>Everything but NLA_F_NESTED and NLA_F_NET_BYTEORDER.</summary>
    private const ushort TypeMask = 0x3FFF;

    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>The attribute's type, without flags.</summary>
    internal int Type { get; private set; }

    /// <summary>The attribute's value, without padding.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value as a number in host order; 0 when it is too short for one.</summary>
    internal readonly uint UInt32 => Value.Length >= sizeof(uint) ? MemoryMarshal.Read<uint>(Value) : 0;

    /// <summary>The value as text up to its terminating zero.</summary>
    internal readonly string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>Moves to the next attribute.</summary>
    /// <returns><see langword="false"/> after the last.</returns>
    internal bool Read()
    {
        if (_rest.Length < HeaderSize) return false;
        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length) return false;
        Type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        Value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min(_rest.Length, (length + 3) & ~3)..];
        return true;
    }
}
