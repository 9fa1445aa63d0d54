using System.Runtime.CompilerServices;
using Vpr.Wire;
using Vpr.Wire.Http3;

namespace Vpr.Http3;

/// <summary>Type and length of a frame, read from a stream octet by octet as they come and never further.</summary>
/// <remarks>RFC 9114 §7.1. Payloads are not buffered here: DATA may be of any length.</remarks>
internal struct Http3FrameHeader
{
    /// <summary>The most bytes a header has.</summary>
    public const int MaxLength = 2 * VarInt.MaxLength;

    private Octets _octets;
    private int _have;

    /// <summary>Whether no octet of a header has been read: the stream may end here.</summary>
    public readonly bool IsAtBoundary => _have == 0;

    /// <summary>Reads on.</summary>
    /// <param name="transport">Where the stream is.</param>
    /// <param name="stream">Which stream.</param>
    /// <param name="fin">Whether the stream's end was read.</param>
    /// <param name="type">The frame's type when the result is true.</param>
    /// <param name="length">The payload's length in bytes.</param>
    /// <returns>Whether a header is complete; the next call then begins another one.</returns>
    public bool TryRead(IHttp3Transport transport, Quic.StreamId stream, out bool fin, out Http3FrameType type, out ulong length)
    {
        Span<byte> octets = _octets;
        fin = false;
        type = default;
        length = 0;
        for (int need = Need(octets[.._have]); _have < need; need = Need(octets[.._have]))
        {
            int read = fin ? 0 : transport.Read(stream, octets[_have..need], out fin);
            if (read == 0) return false;
            _have += read;
        }

        VarInt.TryRead(octets, out ulong value, out int consumed);
        type = (Http3FrameType)value;
        VarInt.TryRead(octets[consumed..], out length, out _);
        _have = 0;
        return true;
    }

    /// <summary>Writes a whole frame whose payload is at hand.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, Http3FrameType type, ulong length, ReadOnlySpan<byte> payload)
    {
        int written = Write(destination, type, length);
        payload.CopyTo(destination[written..]);
        return written + payload.Length;
    }

    /// <summary>Writes type and length.</summary>
    /// <returns>Bytes written, at most <see cref="MaxLength"/>.</returns>
    public static int Write(Span<byte> destination, Http3FrameType type, ulong length) =>
        Http3Frame.WriteHeader(destination, (ulong)type, length);

    /// <summary>How many octets the header has at least, as far as those that are there tell.</summary>
    private static int Need(ReadOnlySpan<byte> have)
    {
        if (have.IsEmpty) return 2;
        int typeLength = VarInt.LengthFromFirstByte(have[0]);
        return have.Length <= typeLength ? typeLength + 1 : typeLength + VarInt.LengthFromFirstByte(have[typeLength]);
    }

    [InlineArray(MaxLength)]
    private struct Octets
    {
        private byte _first;
    }
}
