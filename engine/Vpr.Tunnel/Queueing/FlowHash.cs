using Vpr.Masque;
using Vpr.Tunnel.Offload;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Queueing;

/// <summary>Maps a packet to its flow: addresses, protocol and ports, hashed under a key.</summary>
/// <remarks>RFC 8290 §4.1. Fragments and what has no ports are told apart by addresses and protocol.</remarks>
internal static class FlowHash
{
    private const int PortsLength = 4;
    private const int MaxLength = 32 + PortsLength + 1;

    /// <summary>The hash of a packet's flow.</summary>
    /// <param name="key">The key.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="facts">What its headers say.</param>
    public static ulong Compute(UInt128 key, ReadOnlySpan<byte> packet, in IpPacket facts)
    {
        ReadOnlySpan<byte> addresses = FlowPacket.AddressesOf(packet);
        Span<byte> flow = stackalloc byte[MaxLength];
        addresses.CopyTo(flow);
        int length = addresses.Length;
        flow[length++] = (byte)facts.Protocol;
        bool hasPorts = facts.Protocol is IpProtocol.Tcp or IpProtocol.Udp && !facts.IsFragment && packet.Length - facts.PayloadOffset >= PortsLength;
        if (hasPorts)
        {
            packet.Slice(facts.PayloadOffset, PortsLength).CopyTo(flow[length..]);
            length += PortsLength;
        }

        return SipHash.Compute(key, flow[..length]);
    }
}
