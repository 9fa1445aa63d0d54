namespace Vpr.Tunnel;

/// <summary>What passed a session, and what did not.</summary>
public struct TunnelCounters
{
    /// <summary>Inner packets sent.</summary>
    public ulong PacketsSent;

    /// <summary>Bytes of inner packets sent.</summary>
    public ulong BytesSent;

    /// <summary>Inner packets received.</summary>
    public ulong PacketsReceived;

    /// <summary>Bytes of inner packets received.</summary>
    public ulong BytesReceived;

    /// <summary>Packets for the peer that were not sent: refused by the checks, or the transport carries none.</summary>
    public ulong SendDrops;

    /// <summary>Packets for the peer that waited for the transport and were dropped: too long in the queue, or it was full.</summary>
    /// <remarks>RFC 8290</remarks>
    public ulong QueueDrops;

    /// <summary>Packets for the peer that were marked Congestion Experienced instead (RFC 3168 §5).</summary>
    public ulong QueueMarks;

    /// <summary>Payloads from the peer that did not open: forged, repeated, too old, or of another epoch.</summary>
    public ulong UnauthenticPackets;
}
