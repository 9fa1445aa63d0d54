namespace Vpr.Masque;

/// <summary>The inner addresses of a server: one IPv4 and one IPv6 prefix, leased to clients by their key.</summary>
/// <remarks>
/// A lease has no end but its client's removal, so a reconnect finds its address again and connections inside the tunnel live on. An address
/// is first looked for at a place that follows from the key: a restarted server without memory gives the same addresses as long as no two
/// keys meet, and a client that asks for the one it had settles those. Not thread-safe: one owner, or a lock around it.
/// </remarks>
public sealed class AddressPool
{
    private readonly Dictionary<PeerKey, IpAddress> _ipv4Leases = [];
    private readonly Dictionary<PeerKey, IpAddress> _ipv6Leases = [];
    private readonly Dictionary<IpAddress, PeerKey> _owners = [];

    /// <summary>Makes a pool in which nothing is leased.</summary>
    /// <param name="ipv4">The IPv4 prefix, or null for none; /30 or shorter, so that a client fits.</param>
    /// <param name="ipv6">The IPv6 prefix, or null for none; /126 or shorter.</param>
    /// <exception cref="ArgumentException">A prefix is of the other version, or leaves no address for a client.</exception>
    public AddressPool(IpPrefix? ipv4, IpPrefix? ipv6)
    {
        Check(ipv4, IpVersion.V4, nameof(ipv4));
        Check(ipv6, IpVersion.V6, nameof(ipv6));
        Ipv4 = ipv4;
        Ipv6 = ipv6;

        static void Check(IpPrefix? prefix, IpVersion version, string name)
        {
            if (prefix is not { } given) return;
            if (given.Version != version) throw new ArgumentException($"{given} is not of the expected version.", name);
            if (given.Length > given.Address.BitLength - 2) throw new ArgumentException($"{given} leaves no address for a client.", name);
        }
    }

    /// <summary>The IPv4 prefix.</summary>
    public IpPrefix? Ipv4 { get; }

    /// <summary>The IPv6 prefix.</summary>
    public IpPrefix? Ipv6 { get; }

    /// <summary>How many addresses are leased, of both versions.</summary>
    public int LeaseCount => _owners.Count;

    /// <summary>The server's own inner address: the second of its prefix; null without a prefix of that version.</summary>
    public IpAddress? ServerAddress(IpVersion version) =>
        Prefix(version) is { } prefix ? prefix.Address with { Value = prefix.Address.Value + UInt128.One } : null;

    /// <summary>How many addresses clients can have; without the server's and, as nobody may use them, the first (network, or subnet-router anycast of RFC 4291 §2.6.1) and the last (IPv4 broadcast).</summary>
    public UInt128 Capacity(IpVersion version) =>
        Prefix(version) is not { } prefix ? UInt128.Zero
        : prefix.Last.Value - prefix.Address.Value - (version == IpVersion.V4 ? UInt128.One : UInt128.Zero) - UInt128.One;

    /// <summary>Gives a client its address, the one it has or a new one.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="version">The wanted version.</param>
    /// <param name="preferred">The address it would like, taken when free and in the pool; unspecified for no wish.</param>
    /// <param name="address">The leased address when the result is true.</param>
    /// <returns>False when the pool has no such version, or no free address.</returns>
    public bool TryLease(PeerKey client, IpVersion version, IpAddress preferred, out IpAddress address)
    {
        if (TryFind(client, version, out address)) return true;
        if (Prefix(version) is not { } prefix) return false;
        Dictionary<PeerKey, IpAddress> leases = Leases(version);
        UInt128 capacity = Capacity(version);
        if ((UInt128)leases.Count >= capacity) return false;

        if (preferred.Version != version || !IsFree(preferred))
        {
            UInt128 first = prefix.Address.Value + 2; // behind the first and the server's
            UInt128 place = client.Spread() % capacity;
            preferred = new IpAddress(version, first + place);
            while (!IsFree(preferred))
            {
                place = place + UInt128.One == capacity ? UInt128.Zero : place + UInt128.One;
                preferred = new IpAddress(version, first + place);
            }
        }

        Lease(client, preferred);
        address = preferred;
        return true;
    }

    /// <summary>Gives a client a certain address for as long as it exists, as a configuration file demands.</summary>
    /// <returns>False when the address is not one for clients, or is another client's; what the client had before is given back on success.</returns>
    public bool TryReserve(PeerKey client, IpAddress address)
    {
        if (_owners.TryGetValue(address, out PeerKey owner)) return owner == client;
        if (!IsFree(address)) return false;
        if (Leases(address.Version).Remove(client, out IpAddress earlier)) _owners.Remove(earlier);
        Lease(client, address);
        return true;
    }

    /// <summary>Takes a removed client's addresses back.</summary>
    /// <returns>Whether it had any.</returns>
    public bool Remove(PeerKey client)
    {
        bool removed = false;
        foreach (Dictionary<PeerKey, IpAddress> leases in (ReadOnlySpan<Dictionary<PeerKey, IpAddress>>)[_ipv4Leases, _ipv6Leases])
            if (leases.Remove(client, out IpAddress address)) removed |= _owners.Remove(address);
        return removed;
    }

    /// <summary>The address that a client has.</summary>
    public bool TryFind(PeerKey client, IpVersion version, out IpAddress address) => Leases(version).TryGetValue(client, out address);

    /// <summary>The client that has an address.</summary>
    public bool TryFindOwner(IpAddress address, out PeerKey client) => _owners.TryGetValue(address, out client);

    /// <summary>The pool as one client's session sees it.</summary>
    public IAddressSource For(PeerKey client) => new ClientView(this, client);

    private IpPrefix? Prefix(IpVersion version) => version == IpVersion.V4 ? Ipv4 : Ipv6;

    private Dictionary<PeerKey, IpAddress> Leases(IpVersion version) => version == IpVersion.V4 ? _ipv4Leases : _ipv6Leases;

    private bool IsFree(IpAddress address) =>
        Prefix(address.Version) is { } prefix && prefix.Contains(address) && address != prefix.Address && address != ServerAddress(address.Version) &&
        (address.Version == IpVersion.V6 || address != prefix.Last) && !_owners.ContainsKey(address);

    private void Lease(PeerKey client, IpAddress address)
    {
        Leases(address.Version).Add(client, address);
        _owners.Add(address, client);
    }

    private sealed class ClientView(AddressPool pool, PeerKey client) : IAddressSource
    {
        public bool TryAssign(IpVersion version, IpPrefix preferred, out IpPrefix assigned)
        {
            bool leased = pool.TryLease(client, version, preferred.Address, out IpAddress address);
            assigned = leased ? IpPrefix.Single(address) : default;
            return leased;
        }
    }
}
