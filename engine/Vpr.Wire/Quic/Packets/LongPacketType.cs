namespace Vpr.Wire.Quic;

/// <summary>The four long-header packets of QUIC version 1.</summary>
/// <remarks>RFC 9000 §17.2, table 5</remarks>
public enum LongPacketType : byte
{
    /// <summary>Starts a connection and carries its first CRYPTO frames.</summary>
    Initial = 0,

    /// <summary>Carries application data before the handshake ends.</summary>
    ZeroRtt = 1,

    /// <summary>Carries the rest of the handshake.</summary>
    Handshake = 2,

    /// <summary>Asks the client to prove its address.</summary>
    Retry = 3,
}
