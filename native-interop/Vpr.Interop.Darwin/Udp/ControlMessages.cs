using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>The ancillary data of a datagram: our own address and the ECN bits.</summary>
/// <remarks>struct cmsghdr of sys/socket.h, struct in_pktinfo of netinet/in.h, struct in6_pktinfo of netinet6/in6.h: ip(4), ip6(4), RFC 3542 §6</remarks>
internal static class ControlMessages
{
    /// <summary>Bytes for what the kernel may attach to a received datagram, and for what we attach to a sent one.</summary>
    internal const int Size = 128;

    private const int IPPROTO_IP = 0;
    private const int IPPROTO_IPV6 = 41;
    private const int Ipv4InfoSize = 12;
    private const int Ipv6InfoSize = 20;

    /// <summary>Reads our address and the ECN bits; what is not there leaves its argument as it was.</summary>
    internal static void Read(ReadOnlySpan<byte> control, SocketAbi abi, ref UdpEndpoint local, ref EcnCodepoint ecn)
    {
        int header = HeaderSize(abi);
        while (control.Length >= header)
        {
            ulong length = abi.ControlLengthSize == sizeof(ulong) ? MemoryMarshal.Read<ulong>(control) : MemoryMarshal.Read<uint>(control);
            if (length < (ulong)header || length > (ulong)control.Length) return;
            int level = MemoryMarshal.Read<int>(control[abi.ControlLengthSize..]);
            int type = MemoryMarshal.Read<int>(control[(abi.ControlLengthSize + sizeof(int))..]);
            ReadOnlySpan<byte> data = control[header..(int)length];
            if (level == IPPROTO_IP && type == abi.Ipv4PacketInfo && data.Length >= Ipv4InfoSize)
            {
                // ipi_spec_dst is the local address of the packet.
                local = UdpEndpoint.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), local.Port);
            }
            else if (level == IPPROTO_IPV6 && type == abi.Ipv6PacketInfo && data.Length >= Ipv6InfoSize)
            {
                UInt128 address = BinaryPrimitives.ReadUInt128BigEndian(data);
                local = new UdpEndpoint(address, local.Port, IsLinkLocal(address) ? MemoryMarshal.Read<uint>(data[16..]) : 0);
            }
            else if (((level == IPPROTO_IP && type == abi.Ipv4TosReceived) || (level == IPPROTO_IPV6 && type == abi.Ipv6TrafficClass)) && data.Length >= 1)
            {
                // One byte, or an int in host order; the machine is little-endian, so both begin with it.
                ecn = (EcnCodepoint)(data[0] & 3);
            }

            int next = Align((int)length, abi);
            if (next >= control.Length) return;
            control = control[next..];
        }
    }

    /// <summary>Writes the source address and the ECN bits to send with.</summary>
    /// <param name="control">At least <see cref="Size"/> bytes.</param>
    /// <param name="abi">The system's layout.</param>
    /// <param name="local">Our address on the path; an all-zero address writes none.</param>
    /// <param name="isIpv4">The socket's family.</param>
    /// <param name="ecn">The ECN bits; <see cref="EcnCodepoint.NotEct"/> writes none.</param>
    /// <returns>Bytes written.</returns>
    internal static int Write(Span<byte> control, SocketAbi abi, in UdpEndpoint local, bool isIpv4, EcnCodepoint ecn)
    {
        int written = 0;
        if (local.Address != UInt128.Zero)
        {
            if (isIpv4)
            {
                Span<byte> info = Begin(control, abi, ref written, IPPROTO_IP, abi.Ipv4PacketInfo, Ipv4InfoSize);
                BinaryPrimitives.WriteUInt32BigEndian(info[4..], unchecked((uint)local.Address));
            }
            else
            {
                Span<byte> info = Begin(control, abi, ref written, IPPROTO_IPV6, abi.Ipv6PacketInfo, Ipv6InfoSize);
                BinaryPrimitives.WriteUInt128BigEndian(info, local.Address);
                uint scope = local.ScopeId;
                MemoryMarshal.Write(info[16..], in scope);
            }
        }

        if (ecn != EcnCodepoint.NotEct)
        {
            int value = (int)ecn;
            Span<byte> field = isIpv4
                ? Begin(control, abi, ref written, IPPROTO_IP, abi.Ipv4Tos, sizeof(int))
                : Begin(control, abi, ref written, IPPROTO_IPV6, abi.Ipv6TrafficClass, sizeof(int));
            MemoryMarshal.Write(field, in value);
        }

        return written;
    }

    private static Span<byte> Begin(Span<byte> control, SocketAbi abi, ref int written, int level, int type, int dataSize)
    {
        int header = HeaderSize(abi);
        Span<byte> message = control.Slice(written, Align(header + dataSize, abi));
        message.Clear();
        // The upper half of a length of eight bytes is zero.
        uint length = (uint)(header + dataSize);
        MemoryMarshal.Write(message, in length);
        MemoryMarshal.Write(message[abi.ControlLengthSize..], in level);
        MemoryMarshal.Write(message[(abi.ControlLengthSize + sizeof(int))..], in type);
        written += message.Length;
        return message.Slice(header, dataSize);
    }

    private static int HeaderSize(SocketAbi abi) => Align(abi.ControlLengthSize + 2 * sizeof(int), abi);

    // RFC 4291 §2.5.6: fe80::/10
    private static bool IsLinkLocal(UInt128 address) => (address >> 118) == 0x3FA;

    private static int Align(int length, SocketAbi abi) => (length + abi.ControlAlignment - 1) & -abi.ControlAlignment;
}
