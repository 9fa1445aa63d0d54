using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>struct sockaddr_in and struct sockaddr_in6 to and from <see cref="UdpEndpoint"/>.</summary>
/// <remarks>netinet/in.h, netinet6/in6.h. Port and address are in network order.</remarks>
internal static class SocketAddress
{
    /// <summary>Bytes that hold either form.</summary>
    internal const int MaxSize = 28;

    private const int Ipv4Size = 16;
    private const int Ipv6Size = 28;

    /// <summary>Writes an address in the form of its own family.</summary>
    /// <returns>Bytes written.</returns>
    internal static int Write(Span<byte> destination, SocketAbi abi, in UdpEndpoint endpoint)
    {
        int size = endpoint.IsIpv4 ? Ipv4Size : Ipv6Size;
        destination = destination[..size];
        destination.Clear();
        byte family = (byte)(endpoint.IsIpv4 ? DarwinLibc.AF_INET : abi.Ipv6Family);
        destination[0] = abi.HasLengthByte ? (byte)size : family;
        destination[1] = abi.HasLengthByte ? family : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], endpoint.Port);
        if (endpoint.IsIpv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], unchecked((uint)endpoint.Address));
            return size;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination[8..], endpoint.Address);
        uint scope = endpoint.ScopeId;
        MemoryMarshal.Write(destination[24..], in scope);
        return size;
    }

    /// <summary>Reads an address as the kernel gave it.</summary>
    /// <returns><see langword="false"/> when it is of neither family or cut short.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> source, SocketAbi abi, out UdpEndpoint endpoint)
    {
        endpoint = default;
        if (source.Length < Ipv4Size) return false;
        int family = source[abi.HasLengthByte ? 1 : 0];
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        if (family == DarwinLibc.AF_INET)
        {
            endpoint = UdpEndpoint.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(source[4..]), port);
            return true;
        }

        if (family != abi.Ipv6Family || source.Length < Ipv6Size) return false;
        endpoint = new UdpEndpoint(BinaryPrimitives.ReadUInt128BigEndian(source[8..]), port, MemoryMarshal.Read<uint>(source[24..]));
        return true;
    }
}
