using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>Path validation, and a server that follows a client to a new address: RFC 9000 §8.2, §9.</content>
public sealed partial class QuicConnection
{
    private PathState? _formerPath;
    private PathResponse? _pathResponse;

    /// <summary>A PATH_CHALLENGE frame came.</summary>
    /// <param name="path">Where from: the answer goes back there (§8.2.2).</param>
    /// <param name="data">Its data.</param>
    /// <param name="datagramLength">Bytes of its datagram, which bound the answer (§8.1).</param>
    internal void OnPathChallenge(in DatagramPath path, ulong data, int datagramLength) =>
        // One answer waits at a time: a peer that asks faster is answered on the newest.
        _pathResponse = new PathResponse(path, data, datagramLength * 3);

    /// <summary>A PATH_RESPONSE frame came; on which path does not matter (§8.2.3).</summary>
    internal void OnPathResponse(ulong data)
    {
        if (_path.Validation.IsAnswer(data))
        {
            _path.Validate();
            _formerPath = null;
            _recovery.IsAmplificationLimited = false;
        }
        else if (_formerPath is { } former && former.Validation.IsAnswer(data))
        {
            former.Validation.Stop();
        }
    }

    /// <summary>The client's newest packet came from elsewhere: a NAT gave it another address, or it moved.</summary>
    /// <remarks>RFC 9000 §9.3</remarks>
    private void OnPeerMoved(in DatagramPath address, int datagramLength, bool usesNewId)
    {
        PathState left = _path;
        Instant deadline = _now + PathValidationTime;
        if (_formerPath is { } former && former.Address.Remote == address.Remote)
        {
            _path = former;
            _formerPath = left.IsValidated ? left : null;
        }
        else
        {
            _path = new PathState(address, isValidated: false, _options, PeerMaxUdpPayload);
            _path.OnReceived(datagramLength);
            _path.Validation.Start(deadline);
            // §9.3.2: the last validated path is what remains when the new one is not real.
            if (left.IsValidated) _formerPath = left;
        }

        // §9.5: a peer that moved on purpose uses another of our IDs, and is answered by another of its own; a NAT changes none.
        if (usesNewId) _remoteIds.TryRotate();
        // §9.3.3: if someone merely copied the packet, the peer still answers on its old path, and we return there.
        _formerPath?.Validation.Start(deadline);

        // §9.4: only a change of port leaves what was learned about the path as good as it was.
        if (left.Address.Remote.Address == address.Remote.Address) _recovery.OnPortChanged(_path.Mtu.Current);
        else OnPathReplaced();
        _recovery.IsAmplificationLimited = IsAmplificationLimited;
        _pathChanges++;
        _endpoint.OnPathChanged(this, left.Address);
        Raise(new ConnectionEvent(ConnectionEventKind.PathChanged));
    }

    private void OnPathReplaced()
    {
        _recovery.OnPathChanged(_now, _path.Mtu.Current);
        _ackFrequency.OnPathChanged();
    }

    // §8.2.4: three times the larger of the present probe timeout and that of a path not yet known.
    private TimeSpan PathValidationTime
    {
        get
        {
            TimeSpan unknown = RttEstimator.InitialRtt * 3 + _recovery.PeerMaxAckDelay;
            TimeSpan present = ProbeTimeout;
            return (present > unknown ? present : unknown) * 3;
        }
    }

    private void OnPathValidationFailed()
    {
        _path.Validation.Stop();
        if (_formerPath is not { } former)
        {
            // §9.3.2: without a validated path nothing may be sent any more.
            EndSilently(CloseSource.LocalTransport, (ulong)TransportErrorCode.NoViablePath);
            return;
        }

        DatagramPath left = _path.Address;
        _path = former;
        _formerPath = null;
        // It was validated once: without an answer the idle timeout decides, or the next packet from elsewhere.
        _path.Validation.Stop();
        OnPathReplaced();
        _recovery.IsAmplificationLimited = false;
        _pathChanges++;
        _endpoint.OnPathChanged(this, left);
        Raise(new ConnectionEvent(ConnectionEventKind.PathChanged));
    }

    private void WritePathFrames(ref PacketBuilder packet)
    {
        bool written = false;
        if (_path.Validation.IsUnsent) written = TryWriteChallenge(ref packet, _path);
        if (_pathResponse is { } response && response.Path.Remote == _path.Address.Remote && packet.TryWrite(new PathResponseFrame(response.Data)))
        {
            _pathResponse = null;
            packet.IsAckEliciting = written = true;
        }

        // §8.2.1, §8.2.2: such datagrams are expanded as far as they may be, which proves the path's size too.
        if (written) _expandDatagram = true;
    }

    private bool TryWriteChallenge(ref PacketBuilder packet, PathState path)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        _endpoint.Random.FillSecret(bytes);
        ulong data = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if (!packet.TryWrite(new PathChallengeFrame(data))) return false;
        path.Validation.OnSent(data);
        Record(ref packet, SentFrame.Other(SentFrameKind.PathChallenge, value: data));
        return true;
    }

    /// <summary>Answers a challenge that came on a path that is not the present one, or challenges the former path.</summary>
    private int TransmitOnOtherPath(Span<byte> destination, ref DatagramPath path)
    {
        if (!_application.CanSend) return 0;
        if (_pathResponse is { } response && response.Path.Remote != _path.Address.Remote)
        {
            _pathResponse = null;
            int limit = Math.Min(PathMtuDiscovery.BaseSize, response.Allowance);
            if (!TryBegin(destination, 0, limit, _application, out PacketBuilder packet)) return 0;
            packet.TryWrite(new PathResponseFrame(response.Data));
            packet.IsAckEliciting = true;
            path = response.Path;
            return FinishExpanded(ref packet, limit);
        }

        if (_formerPath is { } former && former.Validation.IsUnsent)
        {
            if (!TryBegin(destination, 0, PathMtuDiscovery.BaseSize, _application, out PacketBuilder packet)) return 0;
            TryWriteChallenge(ref packet, former);
            path = former.Address;
            return FinishExpanded(ref packet, PathMtuDiscovery.BaseSize);
        }

        return 0;
    }

    private int FinishExpanded(ref PacketBuilder packet, int size)
    {
        packet.PadTo(size);
        int length = Finish(ref packet, EcnCodepoint.NotEct);
        _bytesSent += (ulong)length;
        return length;
    }

    /// <summary>An answer that waits to be sent.</summary>
    /// <param name="Path">Where the challenge came from.</param>
    /// <param name="Data">Its data.</param>
    /// <param name="Allowance">Bytes that may be sent there because of it.</param>
    private readonly record struct PathResponse(DatagramPath Path, ulong Data, int Allowance);
}
