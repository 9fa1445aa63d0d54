namespace Vpr.Quic.Recovery;

/// <summary>What both ends of loss detection rest on.</summary>
internal static class LossDetection
{
    /// <summary>kPacketThreshold: a packet is lost when one that was sent this many later is acknowledged.</summary>
    /// <remarks>RFC 9002 §6.1.1</remarks>
    public const ulong PacketThreshold = 3;
}
