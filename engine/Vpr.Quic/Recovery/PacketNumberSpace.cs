namespace Vpr.Quic.Recovery;

/// <summary>The three spaces in which packets are numbered and acknowledged apart.</summary>
/// <remarks>RFC 9000 §12.3; 0-RTT and 1-RTT packets share the last.</remarks>
internal enum PacketNumberSpace : byte
{
    /// <summary>Initial packets.</summary>
    Initial,

    /// <summary>Handshake packets.</summary>
    Handshake,

    /// <summary>0-RTT and 1-RTT packets.</summary>
    Application,
}
