using Vpr.Wire.Quic;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="QuicFrame"/>.</summary>
internal struct QuicFrameVisitor() : IQuicFrameVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in AckFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in StreamFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxStreamsFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in StreamsBlockedFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ConnectionCloseFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in DatagramFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in PathChallengeFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in StreamDataBlockedFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in PathResponseFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxDataFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in HandshakeDoneFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in StopSendingFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxStreamDataFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ResetStreamFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in PaddingFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in DataBlockedFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in CryptoFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in PingFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in NewConnectionIdFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in RetireConnectionIdFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in NewTokenFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in AckFrequencyFrame member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ImmediateAckFrame member) => _seen.Take(in member);
}
