using Vpr.Wire;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>What one end declared, or will declare, in the handshake; a parameter that is absent has the default of the RFC.</summary>
/// <remarks>RFC 9000 §18.2, RFC 9221 §3, RFC 9287 §3, draft-ietf-quic-ack-frequency §3</remarks>
internal sealed record TransportParameters
{
    /// <summary>ack_delay_exponent when the parameter is absent; ours always.</summary>
    public const int DefaultAckDelayExponent = 3;

    /// <summary>Room that every set of ours fits in.</summary>
    public const int MaxEncodedLength = 256;

    /// <summary>max_idle_timeout in milliseconds; 0 for none.</summary>
    public ulong MaxIdleTimeout { get; init; }

    /// <summary>max_udp_payload_size in bytes.</summary>
    public ulong MaxUdpPayloadSize { get; init; } = 65_527;

    /// <summary>initial_max_data in bytes.</summary>
    public ulong InitialMaxData { get; init; }

    /// <summary>initial_max_stream_data_bidi_local in bytes.</summary>
    public ulong InitialMaxStreamDataBidiLocal { get; init; }

    /// <summary>initial_max_stream_data_bidi_remote in bytes.</summary>
    public ulong InitialMaxStreamDataBidiRemote { get; init; }

    /// <summary>initial_max_stream_data_uni in bytes.</summary>
    public ulong InitialMaxStreamDataUni { get; init; }

    /// <summary>initial_max_streams_bidi.</summary>
    public ulong InitialMaxStreamsBidi { get; init; }

    /// <summary>initial_max_streams_uni.</summary>
    public ulong InitialMaxStreamsUni { get; init; }

    /// <summary>ack_delay_exponent.</summary>
    public int AckDelayExponent { get; init; } = DefaultAckDelayExponent;

    /// <summary>max_ack_delay in milliseconds.</summary>
    public ulong MaxAckDelay { get; init; } = 25;

    /// <summary>min_ack_delay in microseconds, at most <see cref="MaxAckDelay"/>; null when ACK_FREQUENCY and IMMEDIATE_ACK frames are not taken.</summary>
    public ulong? MinAckDelay { get; init; }

    /// <summary>Whether disable_active_migration is present.</summary>
    public bool DisableActiveMigration { get; init; }

    /// <summary>active_connection_id_limit.</summary>
    public ulong ActiveConnectionIdLimit { get; init; } = 2;

    /// <summary>max_datagram_frame_size in bytes; 0 when DATAGRAM frames are not taken.</summary>
    public ulong MaxDatagramFrameSize { get; init; }

    /// <summary>Whether grease_quic_bit is present.</summary>
    public bool GreaseQuicBit { get; init; }

    /// <summary>initial_source_connection_id.</summary>
    public ConnectionId? InitialSourceConnectionId { get; init; }

    /// <summary>original_destination_connection_id; a server's.</summary>
    public ConnectionId? OriginalDestinationConnectionId { get; init; }

    /// <summary>retry_source_connection_id; a server's after Retry.</summary>
    public ConnectionId? RetrySourceConnectionId { get; init; }

    /// <summary>stateless_reset_token; a server's.</summary>
    public StatelessResetToken? StatelessResetToken { get; init; }

    /// <summary>The parameters that follow from options; those that hold connection IDs are the connection's to add.</summary>
    public static TransportParameters From(TransportOptions options) => new()
    {
        MaxIdleTimeout = (ulong)options.MaxIdleTimeout.TotalMilliseconds,
        InitialMaxData = options.InitialMaxData,
        InitialMaxStreamDataBidiLocal = options.InitialMaxStreamData,
        InitialMaxStreamDataBidiRemote = options.InitialMaxStreamData,
        InitialMaxStreamDataUni = options.InitialMaxStreamData,
        InitialMaxStreamsBidi = options.MaxBidirectionalStreams,
        InitialMaxStreamsUni = options.MaxUnidirectionalStreams,
        MaxAckDelay = (ulong)options.MaxAckDelay.TotalMilliseconds,
        ActiveConnectionIdLimit = (ulong)options.ActiveConnectionIdLimit,
        MaxDatagramFrameSize = (ulong)options.MaxDatagramFrameSize,
        GreaseQuicBit = options.GreaseQuicBit,
    };

    /// <summary>Reads what the peer declared.</summary>
    /// <param name="source">The body of its quic_transport_parameters extension.</param>
    /// <param name="fromServer">Whether the peer is the server; a client must not send a server's parameters.</param>
    /// <returns>Null when anything is malformed, forbidden, at odds with another or twice there: a TRANSPORT_PARAMETER_ERROR.</returns>
    public static TransportParameters? Parse(ReadOnlySpan<byte> source, bool fromServer)
    {
        TransportParametersReader reader = new(fromServer);
        while (!source.IsEmpty)
        {
            WireStatus status = TransportParameter.Dispatch(source, ref reader, out int consumed);
            if (status is not (WireStatus.Done or WireStatus.Unknown)) return null;
            source = source[consumed..];
        }

        // draft-ietf-quic-ack-frequency §3: in microseconds and milliseconds.
        return reader.Result.MinAckDelay > reader.Result.MaxAckDelay * 1000 ? null : reader.Result;
    }

    /// <summary>Writes ours.</summary>
    /// <param name="destination">At least <see cref="MaxEncodedLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        Span<byte> id = stackalloc byte[ConnectionId.MaxLength];
        scoped WireWriter writer = new(destination);
        if (OriginalDestinationConnectionId is { } original)
            writer.Write(new OriginalDestinationConnectionIdParameter { ConnectionId = id[..original.CopyTo(id)] });
        if (InitialSourceConnectionId is { } initial)
            writer.Write(new InitialSourceConnectionIdParameter { ConnectionId = id[..initial.CopyTo(id)] });
        if (RetrySourceConnectionId is { } retry)
            writer.Write(new RetrySourceConnectionIdParameter { ConnectionId = id[..retry.CopyTo(id)] });
        if (StatelessResetToken is { } token)
        {
            token.CopyTo(id);
            writer.Write(new StatelessResetTokenParameter { Token = id[..Quic.StatelessResetToken.Length] });
        }

        writer.Write(new MaxIdleTimeoutParameter(MaxIdleTimeout));
        writer.Write(new MaxUdpPayloadSizeParameter(MaxUdpPayloadSize));
        writer.Write(new InitialMaxDataParameter(InitialMaxData));
        writer.Write(new InitialMaxStreamDataBidiLocalParameter(InitialMaxStreamDataBidiLocal));
        writer.Write(new InitialMaxStreamDataBidiRemoteParameter(InitialMaxStreamDataBidiRemote));
        writer.Write(new InitialMaxStreamDataUniParameter(InitialMaxStreamDataUni));
        writer.Write(new InitialMaxStreamsBidiParameter(InitialMaxStreamsBidi));
        writer.Write(new InitialMaxStreamsUniParameter(InitialMaxStreamsUni));
        writer.Write(new AckDelayExponentParameter((ulong)AckDelayExponent));
        writer.Write(new MaxAckDelayParameter(MaxAckDelay));
        writer.Write(new ActiveConnectionIdLimitParameter(ActiveConnectionIdLimit));
        if (DisableActiveMigration) writer.Write(new DisableActiveMigrationParameter());
        if (MaxDatagramFrameSize > 0) writer.Write(new MaxDatagramFrameSizeParameter(MaxDatagramFrameSize));
        if (GreaseQuicBit) writer.Write(new GreaseQuicBitParameter());
        if (MinAckDelay is { } microseconds) writer.Write(new MinAckDelayParameter(microseconds));
        return writer.Length;
    }
}
