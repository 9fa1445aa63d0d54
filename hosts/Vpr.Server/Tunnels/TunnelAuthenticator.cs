using Vpr.Crypto;
using Vpr.Interop.Linux;
using Vpr.Masque;
using Vpr.Server.Configuration;
using Vpr.Tunnel;
using Vpr.Wire.Noise;

namespace Vpr.Server.Tunnels;

/// <summary>Admits the registry's clients, each to its own addresses. The loop's alone.</summary>
internal sealed class TunnelAuthenticator(
    X25519PrivateKey serverKey, ClientAdmission clients, AddressPool pool, bool sealPackets, QueueDiscipline queue, ITunnelHandler handler) : ITunnelAuthenticator
{
    private TunnelSession? _admitted;

    /// <inheritdoc/>
    public TunnelGrant? Authenticate(ReadOnlySpan<byte> message, IChannelBinding binding)
    {
        if (!ServerAuthentication.TryRead(message, binding, serverKey, OsRandomSource.Instance, out ServerAuthentication? authentication)) return null;
        using (authentication)
        {
            clients.Refresh();
            var key = new PeerKey(authentication.ClientPublicKey);
            if (clients.Find(key) is not { } client || !TryReserve(key, client)) return null;

            var granted = new SessionParameters(
                authentication.Requested.Version, sealPackets ? SessionFeatures.SealedPackets : SessionFeatures.None,
                authentication.Requested.Epoch, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            byte[] response = authentication.Accept(granted, out SessionKeys keys);
            using (keys)
            {
                _admitted = new TunnelSession(handler, queue);
                _admitted.SetKeys(keys);
            }

            return new TunnelGrant
            {
                Client = key,
                Response = response,
                Handler = _admitted,
                Addresses = pool.For(key),
                TakesPlainPackets = !sealPackets,
            };
        }
    }

    /// <summary>The session of the request that was just accepted.</summary>
    public TunnelSession TakeSession()
    {
        TunnelSession session = _admitted ?? throw new InvalidOperationException("No request was accepted.");
        _admitted = null;
        return session;
    }

    private bool TryReserve(PeerKey key, ClientEntry client) =>
        TryReserve(key, IpAddress.From(client.Address4)) && TryReserve(key, IpAddress.From(client.Address6));

    private bool TryReserve(PeerKey key, IpAddress address)
    {
        // The registry may have given a removed client's address to another.
        if (pool.TryFindOwner(address, out PeerKey owner) && owner != key && clients.Find(owner) is null) pool.Remove(owner);
        return pool.TryReserve(key, address);
    }
}
