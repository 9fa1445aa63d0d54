using System.Buffers.Binary;
using Vpr.Masque;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Queueing;

/// <summary>Maps a packet to its flow: addresses, protocol and ports, hashed under a key.</summary>
/// <remarks>RFC 8290 §4.1. Fragments and what has no ports is told apart by addresses and protocol.</remarks>
internal static class FlowHash
{
    private const int AddressLength = 16;
    private const int PortsLength = 4;

    /// <summary>The hash of a packet's flow.</summary>
    /// <param name="key">The key.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="facts">What its headers say.</param>
    public static ulong Compute(UInt128 key, ReadOnlySpan<byte> packet, in IpPacket facts)
    {
        Span<byte> tuple = stackalloc byte[2 * AddressLength + PortsLength + 2];
        BinaryPrimitives.WriteUInt128BigEndian(tuple, facts.Source.Value);
        BinaryPrimitives.WriteUInt128BigEndian(tuple[AddressLength..], facts.Destination.Value);
        Span<byte> rest = tuple[(2 * AddressLength)..];
        rest.Clear();
        bool hasPorts = facts.Protocol is IpProtocol.Tcp or IpProtocol.Udp && !facts.IsFragment && packet.Length - facts.PayloadOffset >= PortsLength;
        if (hasPorts) packet.Slice(facts.PayloadOffset, PortsLength).CopyTo(rest);
        rest[PortsLength] = (byte)facts.Protocol;
        rest[PortsLength + 1] = (byte)facts.Version;
        return SipHash.Compute(key, tuple);
    }
}
