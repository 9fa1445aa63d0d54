using System.Net;
using System.Net.Sockets;

namespace Vpr.Io;

/// <summary>An IP address and UDP port as a value: comparing, hashing and storing one allocates nothing.</summary>
/// <param name="Address">The address; an IPv4 address is kept in its IPv4-mapped form (::ffff:a.b.c.d, RFC 4291 §2.5.5.2).</param>
/// <param name="Port">The UDP port, 0 to 65535.</param>
/// <param name="ScopeId">The interface index of a link-local IPv6 address, otherwise 0.</param>
public readonly record struct UdpEndpoint(UInt128 Address, ushort Port, uint ScopeId = 0)
{
    private static readonly UInt128 MappedPrefix = new(0, 0xFFFF_0000_0000);

    /// <summary>Whether the address is IPv4 (IPv4-mapped).</summary>
    public bool IsIpv4 => (Address & ~(UInt128)uint.MaxValue) == MappedPrefix;

    /// <summary>An IPv4 endpoint.</summary>
    /// <param name="address">The address as a number, most significant octet first: 192.0.2.1 is 0xC0000201.</param>
    /// <param name="port">The UDP port.</param>
    public static UdpEndpoint FromIpv4(uint address, ushort port) => new(MappedPrefix | address, port);

    /// <summary>The same endpoint as the framework's type; allocates, so for control work alone.</summary>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> octets = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(octets, Address);
        return new IPEndPoint(IsIpv4 ? new IPAddress(octets[12..]) : new IPAddress(octets, ScopeId), Port);
    }

    /// <summary>From the framework's type.</summary>
    /// <exception cref="ArgumentException">The address is neither IPv4 nor IPv6.</exception>
    public static UdpEndpoint From(IPEndPoint endpoint)
    {
        Span<byte> octets = stackalloc byte[16];
        IPAddress address = endpoint.Address;
        if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            throw new ArgumentException("Only IPv4 and IPv6 endpoints carry UDP here.", nameof(endpoint));
        uint scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0;
        address.MapToIPv6().TryWriteBytes(octets, out _);
        return new UdpEndpoint(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(octets), (ushort)endpoint.Port, scope);
    }

    /// <inheritdoc/>
    public override string ToString() => ToIPEndPoint().ToString();
}
