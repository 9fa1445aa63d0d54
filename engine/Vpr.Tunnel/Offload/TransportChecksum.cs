using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Offload;

/// <summary>Completes in place what a device left undone of a packet that is not to be split.</summary>
/// <remarks>Virtio 1.3 §5.1.6.2</remarks>
public static class TransportChecksum
{
    /// <summary>Sums the covered bytes and writes the checksum.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="checksum">What is missing; nothing is done where nothing is.</param>
    /// <returns>False, and the packet is untouched, when the field is not in the packet: it must not go on.</returns>
    public static bool TryComplete(Span<byte> packet, PartialChecksum checksum)
    {
        if (!checksum.IsNeeded) return true;
        if (!IsWithin(packet.Length, checksum)) return false;
        // The field counts: it holds the pseudo-header's sum. RFC 768 forbids UDP the other zero; to everybody else both are one.
        ushort sum = InternetChecksum.FinishUdp(InternetChecksum.Add(0, packet[checksum.Start..]));
        BinaryPrimitives.WriteUInt16BigEndian(packet[(checksum.Start + checksum.Offset)..], sum);
        return true;
    }

    /// <summary>Whether a checksum's field lies in a packet of so many bytes.</summary>
    internal static bool IsWithin(int packetLength, PartialChecksum checksum) => checksum.Start + checksum.Offset + sizeof(ushort) <= packetLength;
}
