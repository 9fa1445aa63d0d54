using Vpr.Quic;
using Vpr.Wire.Http3;

namespace Vpr.Http3;

/// <summary>The peer's control stream: SETTINGS first, then whatever concerns the connection.</summary>
/// <remarks>RFC 9114 §6.2.1. Frames that mean something are small and buffered whole; unknown ones of any length are passed over.</remarks>
internal sealed class Http3ControlStream(Http3Connection connection, IHttp3Transport transport, StreamId id)
{
    /// <summary>The longest frame that is buffered, in bytes with its header: more settings than anyone sends.</summary>
    private const int MaxFrameLength = 1024;

    private readonly byte[] _frame = new byte[MaxFrameLength];
    private Http3FrameHeader _header;
    private Http3FrameType _type;
    private ulong _remaining;
    private int _length;
    private bool _hasSettings;
    private ulong _lastGoAway = ulong.MaxValue;
    private ulong _maxPushId;

    /// <summary>Frames of HTTP/2 that have no counterpart: PRIORITY, PING, WINDOW_UPDATE, CONTINUATION.</summary>
    /// <remarks>RFC 9114 §7.2.8</remarks>
    public static bool IsHttp2Frame(Http3FrameType type) => (ulong)type is 0x02 or 0x06 or 0x08 or 0x09;

    /// <summary>Reads all that has arrived.</summary>
    public void OnReadable()
    {
        Span<byte> scratch = stackalloc byte[512];
        while (!connection.HasFailed)
        {
            bool fin = false;
            if (_remaining == 0)
            {
                if (_header.TryRead(transport, id, out fin, out _type, out _remaining))
                {
                    BeginFrame();
                    if (_remaining == 0 && !connection.HasFailed) EndFrame();
                }
                else if (!fin) return;
            }
            else
            {
                Span<byte> target = _length > 0 ? _frame.AsSpan(_length) : scratch;
                int read = transport.Read(id, target[..(int)Math.Min((ulong)target.Length, _remaining)], out fin);
                if (read == 0 && !fin) return;
                if (_length > 0) _length += read;
                _remaining -= (ulong)read;
                if (_remaining == 0) EndFrame();
            }

            if (fin && !connection.HasFailed)
                connection.Fail(Http3ErrorCode.ClosedCriticalStream, "the control stream ended"u8);
        }
    }

    /// <summary>Judges a frame by its type; for those that are kept, the buffer then begins with their header.</summary>
    private void BeginFrame()
    {
        _length = 0;
        if (!_hasSettings && _type != Http3FrameType.Settings)
        {
            connection.Fail(Http3ErrorCode.MissingSettings, "the control stream begins with something else"u8);
            return;
        }

        switch (_type)
        {
            case Http3FrameType.Settings when !_hasSettings:
            case Http3FrameType.GoAway or Http3FrameType.CancelPush:
            case Http3FrameType.MaxPushId when connection.IsServer:
                if (_remaining > MaxFrameLength - Http3FrameHeader.MaxLength)
                    connection.Fail(Http3ErrorCode.ExcessiveLoad, "a control frame longer than any"u8);
                else
                    _length = Http3FrameHeader.Write(_frame, _type, _remaining);
                break;
            case Http3FrameType.Settings or Http3FrameType.Data or Http3FrameType.Headers or Http3FrameType.PushPromise or Http3FrameType.MaxPushId:
            case var type when IsHttp2Frame(type):
                connection.Fail(Http3ErrorCode.FrameUnexpected, "a frame out of place on the control stream"u8);
                break;
        }
    }

    private void EndFrame()
    {
        if (_length == 0) return; // unknown, and passed over
        ReadOnlySpan<byte> frame = _frame.AsSpan(0, _length);
        _length = 0;
        bool wellFormed = _type switch
        {
            Http3FrameType.Settings => TryTakeSettings(frame),
            Http3FrameType.GoAway => TryTakeGoAway(frame),
            Http3FrameType.MaxPushId => TryTakeMaxPushId(frame),
            _ => TryTakeCancelPush(frame),
        };
        if (!wellFormed) connection.Fail(Http3ErrorCode.FrameError, "a control frame of the wrong layout"u8);
    }

    private bool TryTakeSettings(ReadOnlySpan<byte> bytes)
    {
        if (!SettingsFrame.TryParse(bytes, out SettingsFrame frame, out int consumed) || consumed != bytes.Length) return false;
        _hasSettings = true;
        if (!Http3Settings.TryRead(frame, out Http3Settings settings))
            connection.Fail(Http3ErrorCode.SettingsError, "settings that may not be"u8);
        else
            connection.OnSettings(settings);
        return true;
    }

    private bool TryTakeGoAway(ReadOnlySpan<byte> bytes)
    {
        if (!GoAwayFrame.TryParse(bytes, out GoAwayFrame frame, out int consumed) || consumed != bytes.Length) return false;

        // RFC 9114 §5.2, §7.2.6: from a server a request stream, from a client a push; and never more than before.
        bool isRequest = new StreamId(frame.Id) is { IsClientInitiated: true, Direction: StreamDirection.Bidirectional };
        if (frame.Id > _lastGoAway || (!connection.IsServer && !isRequest))
            connection.Fail(Http3ErrorCode.IdError, "a GOAWAY that names the wrong ID"u8);
        else
        {
            _lastGoAway = frame.Id;
            connection.OnGoAway(frame.Id);
        }

        return true;
    }

    private bool TryTakeMaxPushId(ReadOnlySpan<byte> bytes)
    {
        if (!MaxPushIdFrame.TryParse(bytes, out MaxPushIdFrame frame, out int consumed) || consumed != bytes.Length) return false;
        if (frame.PushId < _maxPushId) connection.Fail(Http3ErrorCode.IdError, "a MAX_PUSH_ID that goes down"u8);
        _maxPushId = frame.PushId;
        return true;
    }

    /// <summary>No push was ever promised or permitted here, so none can be cancelled.</summary>
    private bool TryTakeCancelPush(ReadOnlySpan<byte> bytes)
    {
        if (!CancelPushFrame.TryParse(bytes, out _, out int consumed) || consumed != bytes.Length) return false;
        connection.Fail(Http3ErrorCode.IdError, "a CANCEL_PUSH of no push"u8);
        return true;
    }
}
