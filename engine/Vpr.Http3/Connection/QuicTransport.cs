using Vpr.Io;
using Vpr.Quic;

namespace Vpr.Http3;

/// <summary>A QUIC connection as HTTP/3 uses it.</summary>
internal sealed class QuicTransport(QuicConnection connection) : IHttp3Transport
{
    public int MaxDatagramPayload => connection.MaxDatagramPayload;

    public void Attach(Http3Connection? http3) => connection.DatagramHandler = http3 is null ? null : new DatagramReceiver(http3);

    public bool TryTakeEvent(out ConnectionEvent ev) => connection.TryTakeEvent(out ev);

    public bool TryOpenStream(StreamDirection direction, out StreamId stream) => connection.TryOpenStream(direction, out stream);

    public int Write(StreamId stream, ReadOnlySpan<byte> data, bool fin) => connection.Write(stream, data, fin);

    public int Read(StreamId stream, Span<byte> destination, out bool fin) => connection.Read(stream, destination, out fin);

    public void Reset(StreamId stream, ulong applicationErrorCode) => connection.Reset(stream, applicationErrorCode);

    public void StopSending(StreamId stream, ulong applicationErrorCode) => connection.StopSending(stream, applicationErrorCode);

    public bool TryQueueDatagram(ReadOnlySpan<byte> payload) => connection.TryQueueDatagram(payload);

    public int MeasureDatagramHeader() => connection.MeasureDatagramHeader();

    public DatagramStatus TransmitDatagram(Instant now, Span<byte> buffer, int payloadOffset, int payloadLength, ref PacketSlot packet) =>
        connection.TransmitDatagram(now, buffer, payloadOffset, payloadLength, ref packet);

    public DatagramStatus ProbeDatagram(Instant now, int payloadLength) => connection.ProbeDatagram(now, payloadLength);

    public void Close(ulong applicationErrorCode, ReadOnlySpan<byte> reason) => connection.Close(applicationErrorCode, reason);

    private sealed class DatagramReceiver(Http3Connection http3) : IDatagramHandler
    {
        public void OnDatagram(QuicConnection connection, Span<byte> payload) => http3.OnDatagram(payload);
    }
}
