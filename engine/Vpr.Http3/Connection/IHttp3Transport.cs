using Vpr.Io;
using Vpr.Quic;

namespace Vpr.Http3;

/// <summary>What HTTP/3 needs of a QUIC connection; the tests of the protocol's rules put a scripted peer in its place.</summary>
/// <remarks>RFC 9114 §3. The members mean what those of <see cref="QuicConnection"/> mean.</remarks>
internal interface IHttp3Transport
{
    int MaxDatagramPayload { get; }

    /// <summary>Hands received datagrams to a connection's <see cref="Http3Connection.OnDatagram"/>, or to nobody.</summary>
    void Attach(Http3Connection? connection);

    bool TryTakeEvent(out ConnectionEvent ev);

    bool TryOpenStream(StreamDirection direction, out StreamId stream);

    int Write(StreamId stream, ReadOnlySpan<byte> data, bool fin);

    int Read(StreamId stream, Span<byte> destination, out bool fin);

    void Reset(StreamId stream, ulong applicationErrorCode);

    void StopSending(StreamId stream, ulong applicationErrorCode);

    bool TryQueueDatagram(ReadOnlySpan<byte> payload);

    int MeasureDatagramHeader();

    DatagramStatus TransmitDatagram(Instant now, Span<byte> buffer, int payloadOffset, int payloadLength, ref PacketSlot packet);

    DatagramStatus ProbeDatagram(Instant now, int payloadLength);

    void Close(ulong applicationErrorCode, ReadOnlySpan<byte> reason);
}
