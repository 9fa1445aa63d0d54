namespace Vpr.Perf.Lab.Namespaces;

/// <summary>What the link between the tunnel's two ends is like.</summary>
internal enum NetworkKind
{
    /// <summary>A veth pair as the kernel makes it: a super-packet crosses it whole.</summary>
    Veth,

    /// <summary>As a plain network card: the kernel cuts super-packets in software before the device and merges behind it (GRO).</summary>
    NicLike,

    /// <summary>Segmentation and GRO off: every packet crosses alone.</summary>
    Bare,
}

/// <summary>The kinds' names on the command line and in reports.</summary>
internal static class NetworkKindText
{
    /// <summary>The name.</summary>
    public static string Format(NetworkKind kind) => kind switch
    {
        NetworkKind.Veth => "veth",
        NetworkKind.NicLike => "nic-like",
        _ => "bare",
    };

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string text, out NetworkKind kind)
    {
        foreach (NetworkKind candidate in Enum.GetValues<NetworkKind>())
        {
            kind = candidate;
            if (Format(candidate) == text) return true;
        }

        kind = default;
        return false;
    }
}
