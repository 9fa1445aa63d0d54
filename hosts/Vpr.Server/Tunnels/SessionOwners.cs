using Vpr.Io;
using Vpr.Masque;
using Vpr.Server.Loop;
using Vpr.Tunnel;

namespace Vpr.Server.Tunnels;

/// <summary>Which loop has which client's tunnel: what all loops share, besides keys and configuration.</summary>
/// <remarks>Changed when a tunnel begins or ends, under a lock; read without one for packets that came to another loop's TUN queue.</remarks>
internal sealed class SessionOwners
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerKey, Owner> _byClient = [];

    // Replaced and never changed, so that a reader needs no lock.
    private Dictionary<IpAddress, ServerLoop> _byAddress = [];

    /// <summary>The loop that has the tunnel of an inner address, or null; any thread may ask.</summary>
    public ServerLoop? Find(IpAddress address) => Volatile.Read(ref _byAddress).GetValueOrDefault(address);

    /// <summary>Gives a client's addresses to the loop of its new tunnel; one that it had on another loop ends.</summary>
    /// <param name="loop">The loop; on its thread, and able to send by the tunnel already.</param>
    /// <param name="session">The tunnel.</param>
    /// <param name="addresses">The client's inner addresses.</param>
    public void Claim(ServerLoop loop, TunnelSession session, IpAddress[] addresses)
    {
        Owner? former;
        lock (_gate)
        {
            _byClient.TryGetValue(session.Client, out former);
            _byClient[session.Client] = new Owner(loop, session, addresses);
            Replace(former?.Addresses ?? [], addresses, loop);
        }

        // From here on packets come to the new tunnel; the former loop looks after its own when its thread comes to it.
        if (former is not null && former.Loop != loop) former.Loop.Retire(former.Session);
    }

    /// <summary>Takes the addresses of a tunnel that is over back, unless the client has another by now.</summary>
    public void Release(TunnelSession session)
    {
        lock (_gate)
        {
            if (!_byClient.TryGetValue(session.Client, out Owner? owner) || owner.Session != session) return;
            _byClient.Remove(session.Client);
            Replace(owner.Addresses, [], owner.Loop);
        }
    }

    private void Replace(IpAddress[] old, IpAddress[] added, ServerLoop loop)
    {
        var next = new Dictionary<IpAddress, ServerLoop>(_byAddress);
        foreach (IpAddress address in old) next.Remove(address);
        foreach (IpAddress address in added) next[address] = loop;
        Volatile.Write(ref _byAddress, next);
    }

    private sealed record Owner(ServerLoop Loop, TunnelSession Session, IpAddress[] Addresses);
}
