using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>Collects the peer's transport parameters and refuses those that are repeated or not its to send.</summary>
/// <remarks>RFC 9000 §7.4, §18.2. The ranges of single values are checked by their declarations.</remarks>
/// <param name="fromServer">Whether the peer is the server.</param>
internal struct TransportParametersReader(bool fromServer) : ITransportParameterVisitor
{
    private const int GreaseQuicBitPlace = 63;
    private const int MinAckDelayPlace = 62;

    private ulong _seen;

    /// <summary>What was read so far.</summary>
    public TransportParameters Result { get; private set; } = new();

    public bool Visit(in OriginalDestinationConnectionIdParameter parameter)
    {
        Result = Result with { OriginalDestinationConnectionId = new ConnectionId(parameter.ConnectionId) };
        return fromServer && IsFirst(0x00);
    }

    public bool Visit(in MaxIdleTimeoutParameter parameter)
    {
        Result = Result with { MaxIdleTimeout = parameter.Milliseconds };
        return IsFirst(0x01);
    }

    public bool Visit(in StatelessResetTokenParameter parameter)
    {
        Result = Result with { StatelessResetToken = new StatelessResetToken(parameter.Token) };
        return fromServer && IsFirst(0x02);
    }

    public bool Visit(in MaxUdpPayloadSizeParameter parameter)
    {
        Result = Result with { MaxUdpPayloadSize = parameter.Bytes };
        return IsFirst(0x03);
    }

    public bool Visit(in InitialMaxDataParameter parameter)
    {
        Result = Result with { InitialMaxData = parameter.Bytes };
        return IsFirst(0x04);
    }

    public bool Visit(in InitialMaxStreamDataBidiLocalParameter parameter)
    {
        Result = Result with { InitialMaxStreamDataBidiLocal = parameter.Bytes };
        return IsFirst(0x05);
    }

    public bool Visit(in InitialMaxStreamDataBidiRemoteParameter parameter)
    {
        Result = Result with { InitialMaxStreamDataBidiRemote = parameter.Bytes };
        return IsFirst(0x06);
    }

    public bool Visit(in InitialMaxStreamDataUniParameter parameter)
    {
        Result = Result with { InitialMaxStreamDataUni = parameter.Bytes };
        return IsFirst(0x07);
    }

    public bool Visit(in InitialMaxStreamsBidiParameter parameter)
    {
        Result = Result with { InitialMaxStreamsBidi = parameter.Streams };
        return IsFirst(0x08);
    }

    public bool Visit(in InitialMaxStreamsUniParameter parameter)
    {
        Result = Result with { InitialMaxStreamsUni = parameter.Streams };
        return IsFirst(0x09);
    }

    public bool Visit(in AckDelayExponentParameter parameter)
    {
        Result = Result with { AckDelayExponent = (int)parameter.Exponent };
        return IsFirst(0x0a);
    }

    public bool Visit(in MaxAckDelayParameter parameter)
    {
        Result = Result with { MaxAckDelay = parameter.Milliseconds };
        return IsFirst(0x0b);
    }

    public bool Visit(in DisableActiveMigrationParameter parameter)
    {
        Result = Result with { DisableActiveMigration = true };
        return IsFirst(0x0c);
    }

    // A move to the preferred address is optional (RFC 9000 §9.6) and not made: one address is what a tunnel's routes know.
    public bool Visit(in PreferredAddressParameter parameter) => fromServer && IsFirst(0x0d);

    public bool Visit(in ActiveConnectionIdLimitParameter parameter)
    {
        Result = Result with { ActiveConnectionIdLimit = parameter.ConnectionIds };
        return IsFirst(0x0e);
    }

    public bool Visit(in InitialSourceConnectionIdParameter parameter)
    {
        Result = Result with { InitialSourceConnectionId = new ConnectionId(parameter.ConnectionId) };
        return IsFirst(0x0f);
    }

    public bool Visit(in RetrySourceConnectionIdParameter parameter)
    {
        Result = Result with { RetrySourceConnectionId = new ConnectionId(parameter.ConnectionId) };
        return fromServer && IsFirst(0x10);
    }

    public bool Visit(in MaxDatagramFrameSizeParameter parameter)
    {
        Result = Result with { MaxDatagramFrameSize = parameter.Bytes };
        return IsFirst(0x20);
    }

    public bool Visit(in GreaseQuicBitParameter parameter)
    {
        Result = Result with { GreaseQuicBit = true };
        return IsFirst(GreaseQuicBitPlace);
    }

    public bool Visit(in MinAckDelayParameter parameter)
    {
        Result = Result with { MinAckDelay = parameter.Microseconds };
        return IsFirst(MinAckDelayPlace);
    }

    // RFC 9000 §7.4.2: unknown ones, greased ones among them, are ignored.
    public readonly bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => true;

    // RFC 9000 §7.4: a parameter sent more than once is an error.
    private bool IsFirst(int place)
    {
        ulong bit = 1UL << place;
        bool first = (_seen & bit) == 0;
        _seen |= bit;
        return first;
    }
}
