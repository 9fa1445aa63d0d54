namespace Vpr.Interop.Darwin;

/// <summary>How a utun interface is opened.</summary>
public sealed record UtunOptions
{
    /// <summary>The interface's name: "utun" for the first free one, or "utun" and a number from 0 on. macOS knows no other names.</summary>
    public string Name { get; init; } = "utun";

    /// <summary>The MTU to set, in bytes, inner IP header included; <see langword="null"/> leaves what the interface has (1500).</summary>
    public int? Mtu { get; init; }
}
