using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vpr.Interop.Linux;

/// <summary>
/// The server's firewall table: what clients send leaves by other interfaces with this host's address, and nothing but addresses of the pools comes out of the
/// tunnel. It lives as long as this object. Needs no <c>nft</c> program.
/// </summary>
/// <remarks>
/// nf_tables, table <c>inet NAME</c> with chains <c>postrouting</c> and <c>forward</c>, made in one transaction. A process that is killed leaves it, and the next
/// start replaces it: while nobody translates, this host itself would answer the packets of open connections, with resets that end them. From Linux 6.9 on the table
/// belongs to the socket that made it as long as that lives, and nobody else can change it. A host firewall that drops forwarded packets still does: an accept here
/// ends only our own chain.
/// </remarks>
public sealed class NatTable : IDisposable
{
    private const int BufferSize = 16384;
    private const string PostRouting = "postrouting";
    private const string Forward = "forward";
    private const int FilterPriority = 0; // NF_IP_PRI_FILTER
    private const int SourceNatPriority = 100; // NF_IP_PRI_NAT_SRC
    private const int InterfaceNameSize = 16;

    private readonly NetlinkSocket _socket;
    private readonly string _name;
    private bool _isDisposed;

    private NatTable(NetlinkSocket socket, string name)
    {
        _socket = socket;
        _name = name;
    }

    /// <summary>Makes the table in the network namespace of this thread, in place of one that a crash left behind.</summary>
    /// <exception cref="LinuxException">CAP_NET_ADMIN or nf_tables is missing, or another living process owns a table of this name.</exception>
    /// <exception cref="ArgumentException">A name is too long.</exception>
    public static NatTable Create(NatTableOptions options)
    {
        NetlinkSocket socket = new(NetlinkSocket.NetfilterProtocol);
        try
        {
            NetlinkReply reply = Install(socket, options, isOwned: true);
            // A kernel that does not know such owners refuses.
            if (reply.Error is LinuxErrorCode.EOPNOTSUPP or LinuxErrorCode.EINVAL) reply = Install(socket, options, isOwned: false);
            if (reply.Error != LinuxErrorCode.None) throw Explain(reply, options.Name);
            return new NatTable(socket, options.Name);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Deletes a table that a killed process left.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LinuxException">CAP_NET_ADMIN or nf_tables is missing, or another living process owns it.</exception>
    public static bool Delete(string name = "vpr")
    {
        using NetlinkSocket socket = new(NetlinkSocket.NetfilterProtocol);
        NetlinkReply reply = Delete(socket, name);
        return reply.Error switch
        {
            LinuxErrorCode.None => true,
            LinuxErrorCode.ENOENT => false,
            _ => throw Explain(reply, name),
        };
    }

    /// <summary>Deletes the table. Connections that were translated end.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        // Refused only when somebody deleted it before.
        Delete(_socket, _name);
        _socket.Dispose();
    }

    private static NetlinkReply Install(NetlinkSocket socket, NatTableOptions options, bool isOwned)
    {
        NfTablesBatch batch = new(new byte[BufferSize], NfTablesFamily.Inet, options.Name, socket.NextSequence);
        // The old table is gone in the moment the new one is there.
        if (isOwned)
        {
            batch.DestroyTable();
        }
        else
        {
            // Of a table that is there for certain.
            batch.AddTable(isOwned: false);
            batch.DeleteTable();
        }

        batch.AddTable(isOwned);
        batch.AddChain(PostRouting, "nat", NfTablesHook.PostRouting, SourceNatPriority);
        batch.AddChain(Forward, "filter", NfTablesHook.Forward, FilterPriority);
        Span<byte> tunnel = stackalloc byte[InterfaceNameSize];
        WriteInterfaceName(tunnel, options.TunnelInterface);

        foreach (IPNetwork pool in options.Pools) AddMasquerade(ref batch, pool, tunnel);
        if (options.ClampSegmentSize) AddSegmentSizeClamp(ref batch, tunnel);
        foreach (IPNetwork pool in options.Pools) AddAccept(ref batch, pool, tunnel);
        AddDrop(ref batch, tunnel);

        ReadOnlySpan<byte> bytes = batch.Finish();
        return socket.Batch(bytes, batch.Verdicts);
    }

    private static NetlinkReply Delete(NetlinkSocket socket, string name)
    {
        NfTablesBatch batch = new(new byte[1024], NfTablesFamily.Inet, name, socket.NextSequence);
        batch.DeleteTable();
        ReadOnlySpan<byte> bytes = batch.Finish();
        return socket.Batch(bytes, batch.Verdicts);
    }

    /// <summary>From a pool, and not back into the tunnel: masquerade.</summary>
    private static void AddMasquerade(ref NfTablesBatch batch, IPNetwork pool, scoped ReadOnlySpan<byte> tunnel)
    {
        int rule = batch.BeginRule(PostRouting);
        MatchSource(ref batch, pool);
        batch.LoadMeta(NfTablesMeta.OutputInterfaceName);
        batch.Compare(tunnel, isInverted: true);
        batch.Masquerade();
        batch.EndRule(rule);
    }

    /// <summary>A TCP SYN into the tunnel: what the other side may send at once is what the tunnel's MTU holds.</summary>
    private static void AddSegmentSizeClamp(ref NfTablesBatch batch, scoped ReadOnlySpan<byte> tunnel)
    {
        const byte Tcp = 6, Syn = 0x02, SynOrReset = 0x06;
        const int FlagsOffset = 13; // RFC 9293 §3.1
        int rule = batch.BeginRule(Forward);
        batch.LoadMeta(NfTablesMeta.OutputInterfaceName);
        batch.Compare(tunnel);
        batch.LoadMeta(NfTablesMeta.TransportProtocol);
        batch.Compare([Tcp]);
        batch.LoadPayload(NfTablesHeader.Transport, FlagsOffset, 1);
        batch.Mask([SynOrReset]);
        batch.Compare([Syn]);
        batch.LoadRouteSegmentSize();
        batch.WriteSegmentSize();
        batch.EndRule(rule);
    }

    /// <summary>Out of the tunnel with an address of a pool: accept.</summary>
    private static void AddAccept(ref NfTablesBatch batch, IPNetwork pool, scoped ReadOnlySpan<byte> tunnel)
    {
        int rule = batch.BeginRule(Forward);
        batch.LoadMeta(NfTablesMeta.InputInterfaceName);
        batch.Compare(tunnel);
        MatchSource(ref batch, pool);
        batch.Decide(NfTablesVerdict.Accept);
        batch.EndRule(rule);
    }

    /// <summary>Out of the tunnel with any other address: drop. The engine checks sources too; this holds if it ever fails.</summary>
    private static void AddDrop(ref NfTablesBatch batch, scoped ReadOnlySpan<byte> tunnel)
    {
        int rule = batch.BeginRule(Forward);
        batch.LoadMeta(NfTablesMeta.InputInterfaceName);
        batch.Compare(tunnel);
        batch.Decide(NfTablesVerdict.Drop);
        batch.EndRule(rule);
    }

    private static void MatchSource(ref NfTablesBatch batch, IPNetwork pool)
    {
        bool isIpv4 = pool.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        batch.LoadMeta(NfTablesMeta.Family);
        batch.Compare([(byte)(isIpv4 ? NfTablesFamily.Ipv4 : NfTablesFamily.Ipv6)]);
        Span<byte> address = stackalloc byte[16], mask = stackalloc byte[16];
        pool.BaseAddress.TryWriteBytes(address, out int length);
        // Source address: RFC 791 §3.1 offset 12, RFC 8200 §3 offset 8.
        batch.LoadPayload(NfTablesHeader.Network, isIpv4 ? 12 : 8, length);
        BinaryPrimitives.WriteUInt128BigEndian(mask, pool.PrefixLength == 0 ? 0 : UInt128.MaxValue << (128 - pool.PrefixLength));
        if (pool.PrefixLength < length * 8) batch.Mask(mask[..length]);
        batch.Compare(address[..length]);
    }

    private static void WriteInterfaceName(Span<byte> destination, string name)
    {
        if (name.Length is 0 or >= InterfaceNameSize) throw new ArgumentException("An interface name has 1 to 15 bytes.", nameof(name));
        destination.Clear();
        Encoding.ASCII.GetBytes(name, destination);
    }

    private static LinuxException Explain(NetlinkReply reply, string name)
    {
        string call = $"nf_tables table inet {name}";
        return reply.Error switch
        {
            LinuxErrorCode.EPERM when Capabilities.HasNetAdmin() => new LinuxException(call, reply.Error, "Another running process owns this table; stop it first"),
            LinuxErrorCode.EOPNOTSUPP or LinuxErrorCode.EINVAL or LinuxErrorCode.ENOENT or LinuxErrorCode.EPROTONOSUPPORT => new LinuxException(
                call, reply.Error, "The kernel needs nf_tables with NAT (Linux 5.2 or later; modules nf_tables, nft_masq, nft_ct, nft_rt)"),
            _ => reply.ToException(call),
        };
    }
}
