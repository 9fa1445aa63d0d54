using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Quic.Streams;
using Vpr.Tls;
using Vpr.Wire.Tls;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <content>The TLS handshake, its keys, and what the ends tell each other in it: RFC 9001 §4, RFC 9000 §7.</content>
public sealed partial class QuicConnection
{
    // Handshake bytes are given to TLS in pieces of this size.
    private const int CryptoReadSize = 2048;

    private readonly ConnectionId _originalDestination;
    private byte[] _initialToken = [];
    private ConnectionId? _retrySource;
    private bool _hasServerId;
    private TransportParameters? _peerParameters;
    private TrafficSecret? _applicationReadSecret;
    private TrafficSecret? _applicationWriteSecret;
    private bool _handshakeDoneUnsent;
    private byte[] _newToken = [];
    private bool _newTokenUnsent;

    /// <summary>The connection ID that leads to a server's connection until the client uses one of ours.</summary>
    internal ConnectionId OriginalDestination => _originalDestination;

    private bool IsConfirmed => _state == ConnectionState.Confirmed;

    private void InstallInitialKeys(ConnectionId destination)
    {
        InitialSecrets.Derive(destination, IsClient, out PacketProtection read, out PacketProtection write);
        _initial.Install(read, write);
    }

    /// <summary>A CRYPTO frame came.</summary>
    internal TransportErrorCode OnCrypto(PacketSpace space, ulong offset, ReadOnlySpan<byte> data)
    {
        if (!space.Crypto.TryReceive(offset, data)) return TransportErrorCode.CryptoBufferExceeded;
        Span<byte> piece = stackalloc byte[CryptoReadSize];
        for (int count = space.Crypto.Read(piece); count > 0; count = space.Crypto.Read(piece))
        {
            if (!_tls.Receive(space.Level, piece[..count]))
                return TransportErrorCode.CryptoError + (ulong)_tls.Alert.GetValueOrDefault(TlsAlert.InternalError);
        }

        return DriveTls();
    }

    /// <summary>Takes from TLS what it has to give: keys, then bytes to send, then its verdict.</summary>
    private TransportErrorCode DriveTls()
    {
        while (_tls.TryTakeSecret(out TrafficSecret? secret)) Install(secret);
        while (_tls.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> data))
        {
            PacketSpace space = level switch
            {
                EncryptionLevel.Initial => _initial,
                EncryptionLevel.Handshake => _handshake,
                _ => _application,
            };
            if (!space.IsDiscarded) space.Crypto.Append(data);
        }

        if (_peerParameters is null && _tls.PeerTransportParameters is { } parameters)
        {
            TransportErrorCode error = OnPeerParameters(parameters.Span);
            if (error != TransportErrorCode.NoError) return error;
        }

        if (!IsHandshakeComplete && _tls.IsComplete) return OnHandshakeComplete();
        return TransportErrorCode.NoError;
    }

    private void Install(TrafficSecret secret)
    {
        if (secret.Level == EncryptionLevel.Application)
        {
            // Both directions are installed together: a server that could send before it can read gains nothing worth a half-open state.
            if (secret.Direction == SecretDirection.Read) _applicationReadSecret = secret;
            else _applicationWriteSecret = secret;
            if (_applicationReadSecret is not { } read || _applicationWriteSecret is not { } write) return;
            _application.KeyPhase = new KeyPhase(read.CipherSuite, read.Secret, write.Secret);
            ForgetApplicationSecrets();
            return;
        }

        using (secret)
        {
            PacketProtection protection = PacketProtection.Derive(secret.CipherSuite, secret.Secret);
            bool isRead = secret.Direction == SecretDirection.Read;
            _handshake.Install(isRead ? protection : null, isRead ? null : protection);
            _recovery.OnHandshakeKeys();
        }
    }

    private void ForgetApplicationSecrets()
    {
        _applicationReadSecret?.Dispose();
        _applicationWriteSecret?.Dispose();
        (_applicationReadSecret, _applicationWriteSecret) = (null, null);
    }

    private TransportErrorCode OnPeerParameters(ReadOnlySpan<byte> body)
    {
        if (TransportParameters.Parse(body, fromServer: IsClient) is not { } peer) return TransportErrorCode.TransportParameterError;
        // RFC 9000 §7.3: the connection IDs of the handshake are authenticated by these parameters.
        if (peer.InitialSourceConnectionId != _remoteIds.Current) return TransportErrorCode.TransportParameterError;
        if (IsClient && (peer.OriginalDestinationConnectionId != _originalDestination || peer.RetrySourceConnectionId != _retrySource))
            return TransportErrorCode.TransportParameterError;

        _peerParameters = peer;
        if (peer.StatelessResetToken is { } token) _remoteIds.SetInitialToken(token);
        _ackFrequency.OnPeerParameters(TimeSpan.FromMilliseconds(peer.MaxAckDelay), peer.MinAckDelay);
        _recovery.PeerMaxAckDelay = _ackFrequency.PeerMaxAckDelay;
        _path.Mtu.SetPeerLimit(PeerMaxUdpPayload);
        _streams.SetPeerLimits(new StreamLimits
        {
            MaxData = peer.InitialMaxData,
            MaxStreamDataBidiLocal = peer.InitialMaxStreamDataBidiLocal,
            MaxStreamDataBidiRemote = peer.InitialMaxStreamDataBidiRemote,
            MaxStreamDataUni = peer.InitialMaxStreamDataUni,
            MaxStreamsBidi = peer.InitialMaxStreamsBidi,
            MaxStreamsUni = peer.InitialMaxStreamsUni,
        });
        return TransportErrorCode.NoError;
    }

    private int PeerMaxUdpPayload => (int)Math.Min(_peerParameters?.MaxUdpPayloadSize ?? int.MaxValue, int.MaxValue);

    private TransportErrorCode OnHandshakeComplete()
    {
        if (_peerParameters is not { } peer) return TransportErrorCode.CryptoError + (ulong)TlsAlert.MissingExtension;
        IsHandshakeComplete = true;
        _state = ConnectionState.Completed;
        _handshakeDeadline = Instant.Never;
        _localIds.Fill(Math.Min(peer.ActiveConnectionIdLimit, (ulong)_options.ActiveConnectionIdLimit));
        Raise(new ConnectionEvent(ConnectionEventKind.HandshakeCompleted));
        if (IsClient) return TransportErrorCode.NoError;

        // RFC 9001 §4.1.2: for the server, complete is confirmed.
        _handshakeDoneUnsent = true;
        _newToken = _endpoint.MakeAddressToken(_now, _path.Address.Remote);
        _newTokenUnsent = _newToken.Length > 0;
        _endpoint.OnHandshakeFinished(this);
        Confirm();
        return TransportErrorCode.NoError;
    }

    /// <summary>A HANDSHAKE_DONE frame came.</summary>
    internal TransportErrorCode OnHandshakeDone()
    {
        // RFC 9000 §19.20: a server takes none.
        if (!IsClient) return TransportErrorCode.ProtocolViolation;
        if (_state == ConnectionState.Completed) Confirm();
        return TransportErrorCode.NoError;
    }

    private void Confirm()
    {
        _state = ConnectionState.Confirmed;
        _recovery.OnHandshakeConfirmed(_now);
        Discard(_initial);
        Discard(_handshake);
        Raise(new ConnectionEvent(ConnectionEventKind.HandshakeConfirmed));
    }

    /// <summary>RFC 9001 §4.9: keys that are no longer needed are discarded, with all that waits for them.</summary>
    private void Discard(PacketSpace space)
    {
        if (space.IsDiscarded) return;
        space.Discard();
        _recovery.DiscardSpace(_now, space.Number);
    }

    /// <summary>The server's first packet names the ID by which it is reached from now on.</summary>
    /// <returns>False when a later packet names another: it is dropped.</returns>
    /// <remarks>RFC 9000 §7.2</remarks>
    private bool AcceptServerId(ConnectionId source)
    {
        if (!_hasServerId)
        {
            _hasServerId = true;
            _remoteIds.SetInitial(source);
        }

        return source == _remoteIds.Current;
    }

    /// <summary>The server asks for its token back.</summary>
    /// <remarks>RFC 9000 §17.2.5.2. Anything odd about the packet means that it is not from the server: it is dropped.</remarks>
    private void OnRetry(ReadOnlySpan<byte> packet)
    {
        bool expected = IsClient && !_hasServerId && _retrySource is null && _packetsReceived == 0;
        if (!expected || !RetryPacket.TryParse(packet, out RetryPacket retry, out _) || retry.RetryToken.IsEmpty
            || !_endpoint.RetryIntegrity.Verify(_originalDestination, packet))
        {
            _packetsDropped++;
            return;
        }

        ConnectionId source = new(retry.SourceConnectionId);
        _retrySource = source;
        _remoteIds.SetInitial(source);
        _initialToken = retry.RetryToken.ToArray();
        InstallInitialKeys(source);
        _recovery.RequeueSpace(_now, PacketNumberSpace.Initial);
    }

    /// <summary>The server does not speak version 1.</summary>
    /// <remarks>RFC 9000 §6.2: believed only before any other packet, and not when it lists the version that we use.</remarks>
    private void OnVersionNegotiation(ReadOnlySpan<byte> packet)
    {
        bool expected = IsClient && _packetsReceived == 0 && _retrySource is null;
        if (!expected || !VersionNegotiationPacket.TryParse(packet, out VersionNegotiationPacket negotiation, out _)
            || !IsAnswerToFirstInitial(negotiation))
        {
            _packetsDropped++;
            return;
        }

        foreach (uint version in negotiation.SupportedVersions)
        {
            if (version != QuicVersion.Version1) continue;
            _packetsDropped++;
            return;
        }

        EndSilently(CloseSource.VersionNegotiation, 0);
    }

    private bool IsAnswerToFirstInitial(in VersionNegotiationPacket packet) =>
        packet.SourceConnectionId.Length <= ConnectionId.MaxLength
        && packet.DestinationConnectionId.Length <= ConnectionId.MaxLength
        && new ConnectionId(packet.SourceConnectionId) == _originalDestination
        && new ConnectionId(packet.DestinationConnectionId) == _localIds.Initial;
}
