using Vpr.Io;
using Vpr.Masque;
using Vpr.Server.Loop;
using Vpr.Tunnel;

namespace Vpr.Server.Tunnels;

/// <summary>A loop's open tunnels: one a client, found by inner address. The loop's alone; what it adds and removes the other loops learn of.</summary>
internal sealed class SessionTable(AddressPool pool, SessionOwners owners, ServerLoop loop)
{
    // Half of the longest run: what waits in other tunnels is not held up by more.
    private const int Burst = DatagramRuns.MaxSegments / 2;

    private readonly Dictionary<PeerKey, TunnelSession> _byClient = [];
    private readonly Dictionary<IpAddress, TunnelSession> _byAddress = [];
    private readonly List<TunnelSession> _sessions = [];
    private int _turn;
    private int _burst;

    /// <summary>The open tunnels.</summary>
    public IReadOnlyList<TunnelSession> Sessions => _sessions;

    /// <summary>Adds a client's tunnel; one it had before ends, on whichever loop.</summary>
    public void Add(TunnelSession session)
    {
        if (_byClient.TryGetValue(session.Client, out TunnelSession? former)) Remove(former);
        _byClient.Add(session.Client, session);
        _sessions.Add(session);
        var addresses = new List<IpAddress>();
        foreach (IpVersion version in (ReadOnlySpan<IpVersion>)[IpVersion.V4, IpVersion.V6])
            if (pool.TryFind(session.Client, version, out IpAddress address)) addresses.Add(address);
        foreach (IpAddress address in addresses) _byAddress[address] = session;
        owners.Claim(loop, session, [.. addresses]);
    }

    /// <summary>Ends a tunnel, if it is still here.</summary>
    public void Remove(TunnelSession session)
    {
        if (!_sessions.Remove(session)) return;
        _byClient.Remove(session.Client);
        foreach ((IpAddress address, TunnelSession owner) in _byAddress)
            if (owner == session) _byAddress.Remove(address);
        owners.Release(session);
        session.Dispose();
    }

    /// <summary>The tunnel of the client that has a packet's destination address; null when none has.</summary>
    public TunnelSession? Find(ReadOnlySpan<byte> packet) =>
        IpPacket.TryRead(packet, out IpPacket facts) ? _byAddress.GetValueOrDefault(facts.Destination) : null;

    /// <summary>Takes a datagram that had to wait, of each tunnel in turn: several of one before the next, so that they go to the kernel as a run.</summary>
    public bool TrySendQueued(Instant now, Span<byte> slot, ref PacketSlot packet)
    {
        // Once more than there are tunnels: the first may only have used its burst up.
        for (int tried = 0; tried <= _sessions.Count && _sessions.Count > 0; tried++)
        {
            if (_turn >= _sessions.Count) _turn = 0;
            if (_burst++ < Burst && _sessions[_turn].TrySendQueued(now, slot, ref packet)) return true;
            _turn++;
            _burst = 0;
        }

        return false;
    }
}
