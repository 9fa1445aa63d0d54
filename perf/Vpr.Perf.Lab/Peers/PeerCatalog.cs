using Vpr.Perf.Lab.Load;

namespace Vpr.Perf.Lab.Peers;

/// <summary>The peers by name.</summary>
internal static class PeerCatalog
{
    /// <summary>VPR as it is configured by itself.</summary>
    public const string Vpr = "vpr";

    /// <summary>VPR without the end-to-end layer inside the tunnel.</summary>
    public const string VprWithoutInner = "vpr-noinner";

    /// <summary>The peers that are measured when none is named.</summary>
    public static IReadOnlyList<string> DefaultNames { get; } =
        [Vpr, VprWithoutInner, WireGuardGoPeer.PeerName, "openvpn", VethPeer.PeerName, .. Enum.GetValues<NullTunnelMode>().Select(NullTunnel.PeerName)];

    /// <summary>VPR with one setting changed each: what <c>--settings</c> adds.</summary>
    public static IReadOnlyList<string> ChangedSettings { get; } =
    [
        Vpr + "+Io=epoll",
        Vpr + "+Io=uring",
        Vpr + "+Offloads=none",
        Vpr + "+Offloads=gso/gro",
        Vpr + "+Offloads=uso/gso/gro",
        Vpr + "+Offloads=tso/gso/gro",
        Vpr + "+Offloads=tso/uso/gro",
        Vpr + "+Offloads=tso/uso/gso",
    ];

    /// <summary>The peer that a peer with a changed setting is compared with, or null when nothing is changed.</summary>
    public static string? BaseOf(string name) => name == VprWithoutInner ? Vpr
        : name.StartsWith(Vpr, StringComparison.Ordinal) && name.LastIndexOf('+') is var last and > 0 ? name[..last]
        : null;

    /// <summary>Finds a peer.</summary>
    /// <param name="name">One of <see cref="DefaultNames"/>; <c>vpr</c> and <c>vpr-noinner</c> may be followed by settings, each as <c>+Key=value</c> with a slash where the value has a comma.</param>
    /// <param name="binaries">Which binaries of VPR to measure.</param>
    /// <exception cref="BenchException">There is none of this name.</exception>
    public static Peer Find(string name, VprBinaries binaries)
    {
        string[] parts = name.Split('+');
        if (parts[0] is Vpr or VprWithoutInner)
            return new VprPeer(name, binaries, [.. parts[0] == VprWithoutInner ? [new("Inner", "off")] : Array.Empty<KeyValuePair<string, string>>(), .. parts.Skip(1).Select(ParseSetting)]);
        return name switch
        {
            WireGuardGoPeer.PeerName => new WireGuardGoPeer(),
            "openvpn" => new OpenVpnPeer(),
            VethPeer.PeerName => new VethPeer(),
            _ => Enum.GetValues<NullTunnelMode>().Where(mode => NullTunnel.PeerName(mode) == name).Select(mode => new NullPeer(mode)).FirstOrDefault()
                ?? throw new BenchException($"There is no peer \"{name}\": choose from {string.Join(", ", DefaultNames)}, or vpr+Key=value."),
        };
    }

    private static KeyValuePair<string, string> ParseSetting(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } key, { Length: > 0 } value]
            ? new(key, value.Replace('/', ','))
            : throw new BenchException($"\"{text}\" is no setting: write it as Key=value.");
}
