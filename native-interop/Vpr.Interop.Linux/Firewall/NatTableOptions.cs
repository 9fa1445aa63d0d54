using System.Net;

namespace Vpr.Interop.Linux;

/// <summary>What a <see cref="NatTable"/> does.</summary>
public sealed record NatTableOptions
{
    /// <summary>The table's name; one name, one process.</summary>
    public string Name { get; init; } = "vpr";

    /// <summary>The TUN interface clients' packets come from, 1 to 15 bytes of ASCII. It need not exist yet.</summary>
    public required string TunnelInterface { get; init; }

    /// <summary>The pools clients have their addresses from, IPv4, IPv6 or both.</summary>
    public required IReadOnlyList<IPNetwork> Pools { get; init; }

    /// <summary>Whether TCP connections through the tunnel are told the segment size that fits its MTU, for paths that lose "packet too big".</summary>
    public bool ClampSegmentSize { get; init; } = true;
}
