namespace Vpr.Masque;

/// <summary>Takes what a <see cref="ConnectIpSession"/> receives. Every call comes from within one of the session's own methods; spans are valid during the call only.</summary>
public interface IConnectIpHandler
{
    /// <summary>A plain packet came, and its addresses are permitted.</summary>
    /// <param name="session">The session.</param>
    /// <param name="facts">What the packet says.</param>
    /// <param name="packet">The packet, free to be overwritten.</param>
    void OnPacket(ConnectIpSession session, in IpPacket facts, Span<byte> packet);

    /// <summary>A datagram of a registered context came.</summary>
    /// <param name="session">The session.</param>
    /// <param name="context">The context.</param>
    /// <param name="payload">What follows the Context ID, free to be overwritten.</param>
    void OnContextDatagram(ConnectIpSession session, in DatagramContext context, Span<byte> payload);

    /// <summary>A packet from the peer was dropped; an ICMP error may be due.</summary>
    /// <param name="session">The session.</param>
    /// <param name="verdict">Why.</param>
    /// <param name="packet">The packet.</param>
    void OnDropped(ConnectIpSession session, PacketVerdict verdict, ReadOnlySpan<byte> packet);

    /// <summary>The addresses that the peer assigned to us have changed: <see cref="ConnectIpSession.AssignedToUs"/>.</summary>
    void OnAddressesAssigned(ConnectIpSession session);

    /// <summary>What the peer routes has changed: <see cref="ConnectIpSession.PeerRoutes"/>.</summary>
    void OnRoutesAdvertised(ConnectIpSession session);

    /// <summary>The peer registered a context.</summary>
    /// <returns>Whether its format is spoken here; otherwise the context is closed.</returns>
    bool OnContextRegistered(ConnectIpSession session, in DatagramContext context);

    /// <summary>The peer closed a context, ours or its own.</summary>
    void OnContextClosed(ConnectIpSession session, in DatagramContext context);

    /// <summary>The peer begins a handshake for fresh session keys.</summary>
    /// <param name="session">The session.</param>
    /// <param name="epoch">The new keys' epoch.</param>
    /// <param name="message">The handshake's first message.</param>
    void OnRekeyInitiate(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message);

    /// <summary>The peer ends a handshake for fresh session keys.</summary>
    /// <param name="session">The session.</param>
    /// <param name="epoch">The new keys' epoch.</param>
    /// <param name="message">The handshake's second message.</param>
    void OnRekeyRespond(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message);
}
