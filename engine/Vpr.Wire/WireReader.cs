using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Vpr.Wire;

/// <summary>A cursor over received bytes. No read throws: one that fails returns false and leaves the cursor where it was.</summary>
public ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;
    private readonly int _length;

    /// <summary>A cursor at the beginning of <paramref name="source"/>.</summary>
    /// <param name="source">Bytes that the spans read from it are slices of.</param>
    public WireReader(ReadOnlySpan<byte> source)
    {
        _rest = source;
        _length = source.Length;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Consumed => _length - _rest.Length;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads one byte.</summary>
    public bool TryReadUInt8(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }
        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads 16 bits in network byte order.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
            return false;
        _rest = _rest[2..];
        return true;
    }

    /// <summary>Reads 24 bits in network byte order.</summary>
    public bool TryReadUInt24(out uint value)
    {
        if (_rest.Length < 3)
        {
            value = 0;
            return false;
        }
        value = WideInteger.ReadUInt24(_rest);
        _rest = _rest[3..];
        return true;
    }

    /// <summary>Reads 32 bits in network byte order.</summary>
    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
            return false;
        _rest = _rest[4..];
        return true;
    }

    /// <summary>Reads 64 bits in network byte order.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_rest, out value))
            return false;
        _rest = _rest[8..];
        return true;
    }

    /// <summary>Reads 128 bits in network byte order.</summary>
    public bool TryReadUInt128(out UInt128 value)
    {
        if (!BinaryPrimitives.TryReadUInt128BigEndian(_rest, out value))
            return false;
        _rest = _rest[16..];
        return true;
    }

    /// <summary>Reads a variable-length integer (RFC 9000 §16).</summary>
    public bool TryReadVarInt(out ulong value) => VarInt.TryRead(ref _rest, out value);

    /// <summary>Takes a number of bytes as they are.</summary>
    /// <param name="count">How many; a negative number fails as one that is too great does.</param>
    /// <param name="bytes">A slice of the source.</param>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            bytes = default;
            return false;
        }
        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Takes the bytes behind their length.</summary>
    /// <param name="prefix">How the length is written.</param>
    /// <param name="bytes">A slice of the source, without the length.</param>
    public bool TryReadPrefixed(Prefix prefix, out ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = _rest;
        if (TryReadLength(prefix, out ulong length) && length <= (ulong)_rest.Length)
            return TryReadBytes((int)length, out bytes);
        _rest = start;
        bytes = default;
        return false;
    }

    /// <summary>Reads a declared structure.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="value">The structure; the default where reading fails.</param>
    public bool TryRead<T>(out T value)
        where T : IWireFormat<T>, allows ref struct
    {
        if (!T.TryParse(_rest, out value, out int consumed))
            return false;
        _rest = _rest[consumed..];
        return true;
    }

    /// <summary>What a parser returns where it fails: the defaults, and false. Called by emitted code.</summary>
    /// <typeparam name="T">The structure that was not there.</typeparam>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Malformed<T>(out T value, out int consumed)
        where T : struct, allows ref struct
    {
        value = default;
        consumed = 0;
        return false;
    }

    private bool TryReadLength(Prefix prefix, out ulong length)
    {
        switch (prefix)
        {
            case Prefix.UInt8 when TryReadUInt8(out byte narrow):
                length = narrow;
                return true;
            case Prefix.UInt16 when TryReadUInt16(out ushort medium):
                length = medium;
                return true;
            case Prefix.UInt24 when TryReadUInt24(out uint wide):
                length = wide;
                return true;
            case Prefix.VarInt:
                return TryReadVarInt(out length);
            default:
                length = 0;
                return false;
        }
    }
}
