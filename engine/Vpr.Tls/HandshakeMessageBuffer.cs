using System.Buffers.Binary;

namespace Vpr.Tls;

/// <summary>Puts the handshake messages of one CRYPTO stream together, one at a time.</summary>
/// <remarks>RFC 8446 §4. Memory grows with what has really come, never with what a header announces.</remarks>
internal sealed class HandshakeMessageBuffer
{
    /// <summary>Bytes of a message's type and length.</summary>
    public const int HeaderLength = 4;

    private const int InitialCapacity = 512;

    private byte[] _bytes = new byte[InitialCapacity];
    private int _length;

    /// <summary>Whether the header of the message has come.</summary>
    public bool HasHeader => _length >= HeaderLength;

    /// <summary>The message's type; meaningful once <see cref="HasHeader"/>.</summary>
    public byte Type => _bytes[0];

    /// <summary>Bytes of the message's body; meaningful once <see cref="HasHeader"/>.</summary>
    public int BodyLength => (int)(BinaryPrimitives.ReadUInt32BigEndian(_bytes) & 0xFF_FFFF);

    /// <summary>Whether the whole message has come.</summary>
    public bool IsComplete => HasHeader && _length == HeaderLength + BodyLength;

    /// <summary>The whole message, header included; valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Message => _bytes.AsSpan(0, _length);

    /// <summary>Takes as much of <paramref name="source"/> as belongs to the header.</summary>
    public void TakeHeader(ref ReadOnlySpan<byte> source) => Take(ref source, Math.Max(HeaderLength - _length, 0));

    /// <summary>Takes as much of <paramref name="source"/> as belongs to the message.</summary>
    public void TakeBody(ref ReadOnlySpan<byte> source) => Take(ref source, HeaderLength + BodyLength - _length);

    /// <summary>Makes room for the next message.</summary>
    public void Clear() => _length = 0;

    private void Take(ref ReadOnlySpan<byte> source, int wanted)
    {
        ReadOnlySpan<byte> taken = source[..Math.Min(wanted, source.Length)];
        source = source[taken.Length..];
        if (_bytes.Length - _length < taken.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + taken.Length));
        taken.CopyTo(_bytes.AsSpan(_length));
        _length += taken.Length;
    }
}
