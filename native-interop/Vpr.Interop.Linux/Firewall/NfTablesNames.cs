namespace Vpr.Interop.Linux;

/// <summary>The family of a table: which packets its chains see.</summary>
/// <remarks>linux/netfilter.h, NFPROTO_…</remarks>
internal enum NfTablesFamily : byte
{
    /// <summary>IPv4 and IPv6 (NAT chains since Linux 5.2).</summary>
    Inet = 1,

    /// <summary>IPv4.</summary>
    Ipv4 = 2,

    /// <summary>IPv6.</summary>
    Ipv6 = 10,
}

/// <summary>Where on its way a packet meets a chain.</summary>
/// <remarks>linux/netfilter.h, NF_INET_…</remarks>
internal enum NfTablesHook : uint
{
    /// <summary>Delivered to this host.</summary>
    Input = 1,

    /// <summary>Passing through.</summary>
    Forward = 2,

    /// <summary>Made by this host.</summary>
    Output = 3,

    /// <summary>About to leave.</summary>
    PostRouting = 4,
}

/// <summary>What becomes of a packet.</summary>
/// <remarks>linux/netfilter.h, NF_…</remarks>
internal enum NfTablesVerdict : uint
{
    /// <summary>It is dropped, for good.</summary>
    Drop = 0,

    /// <summary>This chain has nothing against it; the chains of other tables are still asked.</summary>
    Accept = 1,
}

/// <summary>What is known about a packet besides its bytes.</summary>
/// <remarks>linux/netfilter/nf_tables.h, enum nft_meta_keys</remarks>
internal enum NfTablesMeta : uint
{
    /// <summary>The name of the interface it came in by, 16 bytes.</summary>
    InputInterfaceName = 6,

    /// <summary>The name of the interface it leaves by, 16 bytes.</summary>
    OutputInterfaceName = 7,

    /// <summary>IPv4 or IPv6, one byte of <see cref="NfTablesFamily"/>.</summary>
    Family = 15,

    /// <summary>The transport protocol, one byte (IANA protocol numbers).</summary>
    TransportProtocol = 16,
}

/// <summary>Which header an offset counts from.</summary>
/// <remarks>linux/netfilter/nf_tables.h, enum nft_payload_bases</remarks>
internal enum NfTablesHeader : uint
{
    /// <summary>The IP header.</summary>
    Network = 1,

    /// <summary>The header after it.</summary>
    Transport = 2,
}
