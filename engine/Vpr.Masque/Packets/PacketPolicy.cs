using Vpr.Wire.Ip;

namespace Vpr.Masque;

/// <summary>Which packets may pass between the two ends, as their capsules say.</summary>
/// <remarks>
/// RFC 9484 §4.7 and §6. What was assigned to an end, and what it advertised routes to, is its side: packets from a side bear that side's
/// source addresses, packets to it that side's destinations. Each list is replaced whole, so a check allocates nothing. Packets come in runs of one
/// flow: one like the last that passed its way passes too, until a list is replaced.
/// </remarks>
internal sealed class PacketPolicy
{
    private IpPrefix[] _assignedToUs = [];
    private IpPrefix[] _assignedToPeer = [];
    private Passed _lastIncoming;
    private Passed _lastOutgoing;

    /// <summary>The addresses that the peer assigned to us.</summary>
    public ReadOnlySpan<IpPrefix> AssignedToUs => _assignedToUs;

    /// <summary>The addresses that we assigned to the peer.</summary>
    public ReadOnlySpan<IpPrefix> AssignedToPeer => _assignedToPeer;

    /// <summary>What the peer routes.</summary>
    public RouteTable PeerRoutes
    {
        get;
        set
        {
            field = value;
            ForgetPassed();
        }
    } = RouteTable.Empty;

    /// <summary>What we route.</summary>
    public RouteTable OurRoutes
    {
        get;
        set
        {
            field = value;
            ForgetPassed();
        }
    } = RouteTable.Empty;

    /// <summary>Replaces what the peer assigned to us.</summary>
    public void SetAssignedToUs(ReadOnlySpan<IpPrefix> prefixes)
    {
        _assignedToUs = prefixes.ToArray();
        ForgetPassed();
    }

    /// <summary>Replaces what we assigned to the peer.</summary>
    public void SetAssignedToPeer(ReadOnlySpan<IpPrefix> prefixes)
    {
        _assignedToPeer = prefixes.ToArray();
        ForgetPassed();
    }

    /// <summary>Judges a packet that came out of the tunnel.</summary>
    public PacketVerdict JudgeIncoming(in IpPacket packet)
    {
        if (_lastIncoming.IsLike(packet)) return PacketVerdict.Forward;
        PacketVerdict verdict = JudgeIncomingByLists(packet);
        if (verdict == PacketVerdict.Forward) _lastIncoming = new Passed(packet);
        return verdict;
    }

    /// <summary>Judges a packet that is to enter the tunnel.</summary>
    public PacketVerdict JudgeOutgoing(in IpPacket packet)
    {
        if (_lastOutgoing.IsLike(packet)) return PacketVerdict.Forward;
        PacketVerdict verdict = JudgeOutgoingByLists(packet);
        if (verdict == PacketVerdict.Forward) _lastOutgoing = new Passed(packet);
        return verdict;
    }

    private PacketVerdict JudgeIncomingByLists(in IpPacket packet)
    {
        PacketVerdict verdict = JudgeScope(packet);
        if (verdict != PacketVerdict.Forward) return verdict;

        // §8: an end that routes nothing itself takes ICMP from anywhere, since errors come from routers on the way.
        bool permitted = Contains(_assignedToPeer, packet.Source) || PeerRoutes.Contains(packet.Source) ||
            (packet.IsIcmp && OurRoutes.Ranges.IsEmpty);
        if (!permitted) return PacketVerdict.SourceNotPermitted;
        return Contains(_assignedToUs, packet.Destination) || OurRoutes.Contains(packet.Destination, packet.Protocol)
            ? PacketVerdict.Forward : PacketVerdict.NoRoute;
    }

    private PacketVerdict JudgeOutgoingByLists(in IpPacket packet)
    {
        PacketVerdict verdict = JudgeScope(packet);
        if (verdict != PacketVerdict.Forward) return verdict;
        if (!Contains(_assignedToUs, packet.Source) && !OurRoutes.Contains(packet.Source)) return PacketVerdict.SourceNotPermitted;
        return Contains(_assignedToPeer, packet.Destination) || PeerRoutes.Contains(packet.Destination, packet.Protocol)
            ? PacketVerdict.Forward : PacketVerdict.NoRoute;
    }

    /// <summary>What no list can permit: addresses of one link or one host, and groups as a source.</summary>
    /// <remarks>RFC 9484 §6 for link-local; RFC 1122 §3.2.1.3, RFC 4291 §2.5 and §2.7 for the rest.</remarks>
    private static PacketVerdict JudgeScope(in IpPacket packet)
    {
        if (packet.Source.IsUnspecified || packet.Source.IsMulticast || packet.Source.IsLoopback) return PacketVerdict.SourceNotPermitted;
        if (packet.Source.IsLinkLocal || packet.Destination.IsLinkLocal) return PacketVerdict.LinkLocal;
        return packet.Destination.IsLoopback || packet.Destination.IsUnspecified ? PacketVerdict.NoRoute : PacketVerdict.Forward;
    }

    private static bool Contains(IpPrefix[] prefixes, IpAddress address)
    {
        foreach (IpPrefix prefix in prefixes)
            if (prefix.Contains(address)) return true;
        return false;
    }

    private void ForgetPassed() => _lastIncoming = _lastOutgoing = default;

    /// <summary>All that the lists are asked about a packet: what they permitted once they permit as long as they stay. The default is like no packet, for it has no version.</summary>
    private readonly struct Passed(in IpPacket packet)
    {
        private readonly IpAddress _source = packet.Source;
        private readonly IpAddress _destination = packet.Destination;
        private readonly IpProtocol _protocol = packet.Protocol;

        public bool IsLike(in IpPacket packet) =>
            packet.Source == _source && packet.Destination == _destination && packet.Protocol == _protocol;
    }
}
