using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>How a connection ends: RFC 9000 §10.</content>
public sealed partial class QuicConnection
{
    private CloseReason? _closeReason;
    private bool _closeUnsent;
    private Instant _closeDeadline = Instant.Never;
    private uint _receivedWhileClosing;

    /// <summary>Closes the connection; what was not sent yet stays unsent.</summary>
    /// <param name="applicationErrorCode">Why, in the application protocol's numbers, 0 to 2^62-1.</param>
    /// <param name="reason">UTF-8 for people; cut after 256 bytes.</param>
    public void Close(ulong applicationErrorCode, ReadOnlySpan<byte> reason)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(applicationErrorCode, Wire.VarInt.Max);
        if (IsClosed) return;
        byte[] phrase = reason[..Math.Min(reason.Length, CloseReason.MaxPhraseLength)].ToArray();
        BeginClosing(new CloseReason(true, applicationErrorCode, 0, phrase), CloseSource.LocalApplication);
    }

    /// <summary>Closes because of what the peer or the network did.</summary>
    private void Fail(TransportErrorCode code, ulong frameType, string phrase)
    {
        if (IsClosed) return;
        BeginClosing(new CloseReason(false, (ulong)code, frameType, System.Text.Encoding.UTF8.GetBytes(phrase)), CloseSource.LocalTransport);
    }

    private void BeginClosing(CloseReason reason, CloseSource source)
    {
        _closeReason = reason;
        _closeUnsent = true;
        _state = ConnectionState.Closing;
        End(reason.ErrorCode, source);
    }

    /// <summary>The peer closes: RFC 9000 §10.2.2.</summary>
    internal void OnConnectionClose(in ConnectionCloseFrame frame)
    {
        _state = ConnectionState.Draining;
        _closeDeadline = _now + ProbeTimeout * 3;
        End(frame.ErrorCode, frame.IsApplication ? CloseSource.PeerApplication : CloseSource.PeerTransport);
    }

    /// <summary>Ends without a word, since nobody would hear it.</summary>
    private void EndSilently(CloseSource source, ulong errorCode)
    {
        End(errorCode, source);
        Terminate();
    }

    private void End(ulong errorCode, CloseSource source)
    {
        _closedEvent = new ConnectionEvent(ConnectionEventKind.Closed, default, errorCode, source);
        _streams.Clear();
        _endpoint.OnHandshakeFinished(this);
        _endpoint.OnEvent(this);
        _endpoint.OnTouched(this);
    }

    private void Terminate()
    {
        if (_state == ConnectionState.Closed) return;
        if (!IsClosed) _streams.Clear();
        _state = ConnectionState.Closed;
        _initial.Discard();
        _handshake.Discard();
        _application.Discard();
        ForgetApplicationSecrets();
        _tls.Dispose();
        _localIds.WithdrawAll();
        _endpoint.OnTerminated(this);
    }

    // RFC 9000 §10.2.1: the answer comes ever more rarely, or two ends could keep each other talking.
    private void OnReceivedWhileClosing()
    {
        if (_state != ConnectionState.Closing) return;
        _receivedWhileClosing++;
        if (System.Numerics.BitOperations.IsPow2(_receivedWhileClosing)) _closeUnsent = true;
    }

    private int TransmitClose(Span<byte> destination)
    {
        if (_state != ConnectionState.Closing || !_closeUnsent || _closeReason is not { } reason) return 0;
        _closeUnsent = false;
        // RFC 9000 §10.2: closing and draining last three probe timeouts, here from when the peer is first told.
        if (_closeDeadline == Instant.Never) _closeDeadline = _now + ProbeTimeout * 3;
        int limit = Math.Min(PathMtuDiscovery.BaseSize, _path.SendAllowance);
        PacketBuilder open = default;
        int sent = 0;
        bool padded = false;
        // RFC 9000 §10.2.3: in every space whose keys the peer may have.
        foreach (PacketNumberSpace number in (ReadOnlySpan<PacketNumberSpace>)[PacketNumberSpace.Initial, PacketNumberSpace.Handshake, PacketNumberSpace.Application])
        {
            PacketSpace space = Space(number);
            if (!space.CanSend || space.IsDiscarded) continue;
            int start = open.Space is null ? 0 : open.End;
            if (!TryBegin(destination, start, limit, space, out PacketBuilder next)) continue;
            if (!TryWriteClose(ref next, space, reason)) continue;
            padded |= space == _initial && IsClient;
            if (open.Space is not null) sent += Finish(ref open, EcnCodepoint.NotEct);
            open = next;
        }

        if (open.Space is null) return 0;
        if (padded) open.PadTo(PathMtuDiscovery.BaseSize);
        sent += Finish(ref open, EcnCodepoint.NotEct);
        OnDatagramSent(_path, sent);
        return sent;
    }

    private static bool TryWriteClose(ref PacketBuilder packet, PacketSpace space, in CloseReason reason)
    {
        // RFC 9000 §10.2.3: before 1-RTT an application's own code and words are not for everyone to read.
        bool hidden = reason.IsApplication && space.Number != PacketNumberSpace.Application;
        return packet.TryWrite(new ConnectionCloseFrame
        {
            IsApplication = reason.IsApplication && !hidden,
            ErrorCode = hidden ? (ulong)TransportErrorCode.ApplicationError : reason.ErrorCode,
            FrameType = reason.FrameType,
            ReasonPhrase = hidden ? [] : reason.Phrase,
        });
    }
}
