using Vpr.Quic;
using Vpr.Wire;

namespace Vpr.Http3;

public sealed partial class Http3Connection
{
    /// <summary>The largest Quarter Stream ID: stream IDs end at 2^62-1.</summary>
    private const ulong MaxQuarterStreamId = (1UL << 60) - 1;

    /// <summary>Datagrams come in runs of one stream, so the last one's is looked at first.</summary>
    private Http3Stream? _lastDatagramStream;

    /// <summary>Takes the payload of a DATAGRAM frame.</summary>
    /// <remarks>RFC 9297 §2.1</remarks>
    internal void OnDatagram(Span<byte> payload)
    {
        if (HasFailed || _isClosed || !Settings.H3Datagram) return;
        if (!VarInt.TryRead(payload, out ulong quarter, out int consumed) || quarter > MaxQuarterStreamId)
        {
            Fail(Http3ErrorCode.DatagramError, "a datagram without a valid quarter stream ID"u8);
            return;
        }

        StreamId id = new(quarter << 2);
        Http3Stream? stream = _lastDatagramStream;
        if (stream is null || stream.Id != id)
        {
            if (!_streams.TryGetValue(id.Value, out stream))
            {
                // Not created yet, or gone. A client knows which; a server keeps those that can still become a request.
                if (IsServer && id.Value >= _nextRequestId && id.Value < _goAwayId) EarlyDatagrams.Add(id, payload[consumed..]);
                return;
            }

            _lastDatagramStream = stream;
        }

        if (stream.DatagramHandler is { } handler) handler.OnHttpDatagram(stream, payload[consumed..]);
        else if (stream.ExpectsDatagrams) EarlyDatagrams.Add(id, payload[consumed..]);
    }
}
