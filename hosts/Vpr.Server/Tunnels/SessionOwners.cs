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
    private Dictionary<IpAddress, Owner> _byAddress = [];

    /// <summary>The loop that has the tunnel of an inner address, or null; any thread may ask.</summary>
    public ServerLoop? Find(IpAddress address) => Volatile.Read(ref _byAddress).GetValueOrDefault(address)?.Loop;

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
            var owner = new Owner(loop, session, addresses);
            _byClient[session.Client] = owner;
            Replace(former, owner);
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
            Replace(owner, null);
        }
    }

    // An address may be another client's by now: that of a removed one is given out again.
    private void Replace(Owner? former, Owner? owner)
    {
        var next = new Dictionary<IpAddress, Owner>(_byAddress);
        foreach (IpAddress address in former?.Addresses ?? [])
            if (next.GetValueOrDefault(address) == former) next.Remove(address);
        foreach (IpAddress address in owner?.Addresses ?? []) next[address] = owner!;
        Volatile.Write(ref _byAddress, next);
    }

    private sealed class Owner(ServerLoop loop, TunnelSession session, IpAddress[] addresses)
    {
        public ServerLoop Loop => loop;

        public TunnelSession Session => session;

        public IpAddress[] Addresses => addresses;
    }
}
