using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>struct sockaddr_in and struct sockaddr_in6 to and from <see cref="UdpEndpoint"/>.</summary>
/// <remarks>netinet/in.h: ip(7), ipv6(7). The family is in host order, port and address in network order.</remarks>
internal static class SocketAddress
{
    /// <summary>Bytes that hold either form.</summary>
    internal const int MaxSize = 28;

    private const int Ipv4Size = 16;
    private const int Ipv6Size = 28;

    /// <summary>Writes an address for a socket of <paramref name="family"/>; an IPv4 endpoint on an IPv6 socket stays IPv4-mapped.</summary>
    /// <returns>Bytes written.</returns>
    internal static int Write(Span<byte> destination, in UdpEndpoint endpoint, int family)
    {
        ushort tag = (ushort)family;
        MemoryMarshal.Write(destination, in tag);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], endpoint.Port);
        if (family == Libc.AF_INET)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], unchecked((uint)endpoint.Address));
            destination[8..Ipv4Size].Clear();
            return Ipv4Size;
        }

        destination[4..8].Clear();
        BinaryPrimitives.WriteUInt128BigEndian(destination[8..], endpoint.Address);
        uint scope = endpoint.ScopeId;
        MemoryMarshal.Write(destination[24..], in scope);
        return Ipv6Size;
    }

    /// <summary>Reads an address as the kernel gave it.</summary>
    /// <returns><see langword="false"/> when it is of neither family or cut short.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> source, out UdpEndpoint endpoint)
    {
        endpoint = default;
        if (source.Length < Ipv4Size) return false;
        ushort family = MemoryMarshal.Read<ushort>(source);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        if (family == Libc.AF_INET)
        {
            endpoint = UdpEndpoint.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(source[4..]), port);
            return true;
        }

        if (family != Libc.AF_INET6 || source.Length < Ipv6Size) return false;
        endpoint = new UdpEndpoint(BinaryPrimitives.ReadUInt128BigEndian(source[8..]), port, MemoryMarshal.Read<uint>(source[24..]));
        return true;
    }
}
