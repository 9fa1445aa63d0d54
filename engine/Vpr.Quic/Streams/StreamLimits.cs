namespace Vpr.Quic.Streams;

/// <summary>What one end lets the other send at first: the flow control part of its transport parameters.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
internal readonly record struct StreamLimits
{
    /// <summary>initial_max_data, in bytes.</summary>
    public ulong MaxData { get; init; }

    /// <summary>initial_max_stream_data_bidi_local, in bytes: for two-way streams opened by the end that declares it.</summary>
    public ulong MaxStreamDataBidiLocal { get; init; }

    /// <summary>initial_max_stream_data_bidi_remote, in bytes: for two-way streams opened by the other end.</summary>
    public ulong MaxStreamDataBidiRemote { get; init; }

    /// <summary>initial_max_stream_data_uni, in bytes.</summary>
    public ulong MaxStreamDataUni { get; init; }

    /// <summary>initial_max_streams_bidi.</summary>
    public ulong MaxStreamsBidi { get; init; }

    /// <summary>initial_max_streams_uni.</summary>
    public ulong MaxStreamsUni { get; init; }

    /// <summary>What <paramref name="options"/> say of our own end.</summary>
    public static StreamLimits From(TransportOptions options) => new()
    {
        MaxData = options.InitialMaxData,
        MaxStreamDataBidiLocal = options.InitialMaxStreamData,
        MaxStreamDataBidiRemote = options.InitialMaxStreamData,
        MaxStreamDataUni = options.InitialMaxStreamData,
        MaxStreamsBidi = options.MaxBidirectionalStreams,
        MaxStreamsUni = options.MaxUnidirectionalStreams,
    };

    /// <summary>The stream limit for one direction.</summary>
    public ulong MaxStreams(StreamDirection direction) => direction == StreamDirection.Bidirectional ? MaxStreamsBidi : MaxStreamsUni;
}
