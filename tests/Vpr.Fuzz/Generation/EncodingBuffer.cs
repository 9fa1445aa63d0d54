using System.Buffers.Binary;

namespace Vpr.Fuzz.Generation;

/// <summary>Bytes under construction, without any of the engine's writers.</summary>
internal sealed class EncodingBuffer
{
    private byte[] _bytes = new byte[256];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets everything.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what comes after a place.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Room at the end, already counted as written.</summary>
    public Span<byte> Extend(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    /// <summary>Bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>The low bytes of a number, the most significant first.</summary>
    public void AppendBigEndian(UInt128 value, int width)
    {
        Span<byte> wide = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(wide, value);
        Append(wide[^width..]);
    }

    /// <summary>The low bytes of a number, the least significant first.</summary>
    public void AppendLittleEndian(UInt128 value, int width)
    {
        Span<byte> wide = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(wide, value);
        Append(wide[..width]);
    }

    /// <summary>A variable-length integer (RFC 9000 §16) of at least so many bytes.</summary>
    public void AppendVarInt(ulong value, int atLeast = 1)
    {
        int exponent = value < 1UL << 6 ? 0 : value < 1UL << 14 ? 1 : value < 1UL << 30 ? 2 : 3;
        while (1 << exponent < atLeast)
            exponent++;
        int width = 1 << exponent;
        int start = Length;
        AppendBigEndian(value, width);
        _bytes[start] |= (byte)(exponent << 6);
    }

    /// <summary>A number in the middle: moves what follows.</summary>
    public void InsertPrefix(int position, Prefix prefix, int length)
    {
        byte[] body = _bytes.AsSpan(position, Length - position).ToArray();
        Truncate(position);
        switch (prefix)
        {
            case Prefix.UInt8:
                AppendBigEndian((UInt128)length, 1);
                break;
            case Prefix.UInt16:
                AppendBigEndian((UInt128)length, 2);
                break;
            case Prefix.UInt24:
                AppendBigEndian((UInt128)length, 3);
                break;
            case Prefix.VarInt:
                AppendVarInt((ulong)length);
                break;
            default:
                break;
        }
        Append(body);
    }
}
