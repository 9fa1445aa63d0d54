using Vpr.Io;

namespace Vpr.Hosting.Configuration;

/// <summary>What a loop leaves to the kernel where the kernel can: the configuration's <c>Offloads</c>.</summary>
/// <param name="Device">Of the TUN queue.</param>
/// <param name="Socket">Of the UDP socket.</param>
public sealed record LoopOffloads(PacketOffloads Device, DatagramOffloads Socket)
{
    /// <summary>Everything.</summary>
    public static LoopOffloads All { get; } = new(PacketOffloads.All, DatagramOffloads.Segmentation | DatagramOffloads.Receive);

    /// <summary>What <see cref="TryParse"/> takes, in words.</summary>
    public const string Expected = "\"all\", \"none\", or a list of csum, tso, uso, gso, gro";

    /// <summary>Reads "all", "none", or a list of <c>csum</c>, <c>tso</c>, <c>uso</c> (TUN) and <c>gso</c>, <c>gro</c> (UDP).</summary>
    public static bool TryParse(string text, out LoopOffloads offloads)
    {
        PacketOffloads device = PacketOffloads.None;
        DatagramOffloads socket = DatagramOffloads.None;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            (PacketOffloads ofDevice, DatagramOffloads ofSocket, bool known) = word.ToLowerInvariant() switch
            {
                "all" => (All.Device, All.Socket, true),
                "none" => (PacketOffloads.None, DatagramOffloads.None, true),
                "csum" => (PacketOffloads.Checksum, DatagramOffloads.None, true),
                "tso" => (PacketOffloads.Checksum | PacketOffloads.Tso, DatagramOffloads.None, true),
                "uso" => (PacketOffloads.Checksum | PacketOffloads.Uso, DatagramOffloads.None, true),
                "gso" => (PacketOffloads.None, DatagramOffloads.Segmentation, true),
                "gro" => (PacketOffloads.None, DatagramOffloads.Receive, true),
                _ => (PacketOffloads.None, DatagramOffloads.None, false),
            };
            if (!known)
            {
                offloads = All;
                return false;
            }

            device |= ofDevice;
            socket |= ofSocket;
        }

        offloads = new LoopOffloads(device, socket);
        return true;
    }
}
