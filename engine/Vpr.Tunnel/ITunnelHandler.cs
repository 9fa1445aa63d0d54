namespace Vpr.Tunnel;

/// <summary>Takes what comes out of a <see cref="TunnelSession"/>. Called from within the session's own methods, on its loop.</summary>
public interface ITunnelHandler
{
    /// <summary>An inner packet for this end: authentic, and its addresses are permitted.</summary>
    /// <param name="session">The session it came by.</param>
    /// <param name="packet">The packet, valid and free to be overwritten during the call; a part of the datagram that is being received where possible.</param>
    void OnPacket(TunnelSession session, Span<byte> packet);

    /// <summary>The peer assigned addresses or advertised routes, or changed them.</summary>
    void OnConfigured(TunnelSession session);
}
