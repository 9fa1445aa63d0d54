using Vpr.Wire.Quic;

namespace Vpr.Fuzz.Targets;

/// <summary>Writes and parses again each member of <see cref="TransportParameter"/>.</summary>
internal struct TransportParameterVisitor() : ITransportParameterVisitor, IFamilyDigest
{
    private FamilyDigest _seen = new();

    /// <inheritdoc/>
    public readonly ulong Value => _seen.Value;

    /// <inheritdoc/>
    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => _seen.Unknown(type, body);

    /// <inheritdoc/>
    public bool Visit(in GreaseQuicBitParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxAckDelayParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxIdleTimeoutParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialMaxStreamDataUniParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxUdpPayloadSizeParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialMaxStreamsBidiParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MaxDatagramFrameSizeParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in RetrySourceConnectionIdParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialMaxStreamDataBidiRemoteParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in OriginalDestinationConnectionIdParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialMaxStreamDataBidiLocalParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in AckDelayExponentParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialMaxStreamsUniParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in ActiveConnectionIdLimitParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in PreferredAddressParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialMaxDataParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in InitialSourceConnectionIdParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in StatelessResetTokenParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in DisableActiveMigrationParameter member) => _seen.Take(in member);

    /// <inheritdoc/>
    public bool Visit(in MinAckDelayParameter member) => _seen.Take(in member);
}
