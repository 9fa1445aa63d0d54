using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Finds the offloads that this kernel's TUN driver has.</summary>
/// <remarks>linux/if_tun.h, TUNSETOFFLOAD: the driver answers EINVAL to a flag it does not know. USO came with Linux 6.2.</remarks>
internal static class TunOffloadNegotiation
{
    private const uint TUN_F_CSUM = 0x01;
    private const uint TUN_F_TSO4 = 0x02;
    private const uint TUN_F_TSO6 = 0x04;
    private const uint TUN_F_USO4 = 0x20;
    private const uint TUN_F_USO6 = 0x40;

    /// <summary>Asks for what is wanted, and while that is refused for less: without USO, then without TSO, then for nothing.</summary>
    /// <param name="wanted">The most that is asked for; a kind of segmentation brings <see cref="PacketOffloads.Checksum"/> along, without which the kernel has none.</param>
    /// <param name="ask">Sets the flags of TUNSETOFFLOAD and says how that went.</param>
    /// <returns>What the kernel agreed to.</returns>
    /// <exception cref="LinuxException">Even nothing is refused, so that it is not known what the kernel will deliver.</exception>
    internal static PacketOffloads Negotiate(PacketOffloads wanted, Func<uint, LinuxErrorCode> ask)
    {
        if ((wanted & (PacketOffloads.Tso | PacketOffloads.Uso)) != 0) wanted |= PacketOffloads.Checksum;
        ReadOnlySpan<PacketOffloads> steps =
        [
            PacketOffloads.All, PacketOffloads.Checksum | PacketOffloads.Tso, PacketOffloads.Checksum, PacketOffloads.None,
        ];
        LinuxErrorCode error = LinuxErrorCode.None;
        foreach (PacketOffloads most in steps)
        {
            PacketOffloads offloads = wanted & most;
            error = ask(Flags(offloads));
            if (error == LinuxErrorCode.None) return offloads;
        }

        throw new LinuxException("ioctl TUNSETOFFLOAD", error);
    }

    private static uint Flags(PacketOffloads offloads) =>
        ((offloads & PacketOffloads.Checksum) != 0 ? TUN_F_CSUM : 0)
        | ((offloads & PacketOffloads.Tso) != 0 ? TUN_F_TSO4 | TUN_F_TSO6 : 0)
        | ((offloads & PacketOffloads.Uso) != 0 ? TUN_F_USO4 | TUN_F_USO6 : 0);
}
