using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>How a TUN interface is opened.</summary>
public sealed record TunOptions
{
    /// <summary>The interface's name, 1 to 15 bytes of ASCII; "%d" in it stands for the first free number. An interface of this name that persists is taken over.</summary>
    public string Name { get; init; } = "vpr%d";

    /// <summary>Whether more queues may be opened with <see cref="TunDevice.OpenQueue"/>; the kernel then spreads flows over them. The interface must be a new one.</summary>
    public bool MultiQueue { get; init; }

    /// <summary>The MTU to set, in bytes, inner IP header included, 68 to 65,535; <see langword="null"/> leaves what the interface has (1500 when it is new).</summary>
    public int? Mtu { get; init; }

    /// <summary>
    /// What to leave to the kernel, as far as it can (<see cref="TunDevice.Offloads"/>): each flag is a switch. With <see cref="PacketOffloads.None"/> packets have no header
    /// of ours in front and the interface is what it was before there were offloads.
    /// </summary>
    public PacketOffloads Offloads { get; init; }
}
