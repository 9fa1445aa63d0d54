namespace Vpr.Interop.Linux;

/// <summary>A network interface.</summary>
/// <param name="Index">Its number, 1 or more.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mtu">Its MTU in bytes.</param>
/// <param name="IsUp">Whether it is switched on (IFF_UP).</param>
/// <param name="Kind">What made it: "tun", "veth", "bridge"; <see langword="null"/> for hardware and loopback.</param>
public sealed record Link(int Index, string Name, int Mtu, bool IsUp, string? Kind);
