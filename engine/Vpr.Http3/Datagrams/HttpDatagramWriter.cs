using System.Runtime.CompilerServices;
using Vpr.Quic;
using Vpr.Wire;

namespace Vpr.Http3;

/// <summary>Writes what stands in front of an HTTP Datagram's payload into the headroom before it: a Quarter Stream ID and, if the protocol has them, a Context ID.</summary>
/// <remarks>RFC 9297 §2.1, RFC 9298 §5. A value made once for a stream and context; writing copies at most 16 bytes.</remarks>
public readonly struct HttpDatagramWriter
{
    private readonly Octets _header;

    /// <summary>For datagrams without a context.</summary>
    /// <param name="stream">The request's stream: client-initiated and two-way.</param>
    public HttpDatagramWriter(StreamId stream) => HeaderLength = VarInt.Write(_header, stream.Value >> 2);

    /// <summary>For datagrams of one context.</summary>
    /// <param name="stream">The request's stream: client-initiated and two-way.</param>
    /// <param name="contextId">The context, 0 to 2^62-1.</param>
    public HttpDatagramWriter(StreamId stream, ulong contextId)
    {
        Span<byte> header = _header;
        int length = VarInt.Write(header, stream.Value >> 2);
        HeaderLength = length + VarInt.Write(header[length..], contextId);
    }

    /// <summary>The headroom that is needed, 1 to 16 bytes; the QUIC packet needs its own in front.</summary>
    public int HeaderLength { get; }

    /// <summary>Writes the header right before the payload.</summary>
    /// <param name="buffer">The buffer that holds the payload.</param>
    /// <param name="payloadOffset">Where the payload begins, in bytes.</param>
    /// <returns>Where the header begins: the DATAGRAM frame's payload reaches from there to the payload's end.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is not enough headroom.</exception>
    public int Write(Span<byte> buffer, int payloadOffset)
    {
        ReadOnlySpan<byte> header = _header;
        int offset = payloadOffset - HeaderLength;
        ArgumentOutOfRangeException.ThrowIfNegative(offset, nameof(payloadOffset));
        header[..HeaderLength].CopyTo(buffer[offset..]);
        return offset;
    }

    [InlineArray(2 * VarInt.MaxLength)]
    private struct Octets
    {
        private byte _first;
    }
}
