using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>The ancillary data of a datagram: our own address, the ECN bits, and the size of a run's datagrams.</summary>
/// <remarks>
/// cmsg(3), ip(7), ipv6(7), udp(7). On 64-bit Linux a header is a length of 8 bytes (header included), level 4, type 4, and data is padded to 8. A dual-stack socket reports an
/// IPv4 datagram's address as IPV6_PKTINFO in IPv4-mapped form and its traffic class as IP_TOS; it takes the same two for sending.
/// </remarks>
internal static class ControlMessages
{
    /// <summary>Bytes for what the kernel may attach to a received datagram: address, traffic class, segment size.</summary>
    internal const int ReceiveSize = 128;

    /// <summary>Bytes for what we attach to a sent one.</summary>
    internal const int SendSize = 96;

    private const int HeaderSize = 16;
    private const int Ipv4InfoSize = 12;
    private const int Ipv6InfoSize = 20;

    /// <summary>Reads our address, the ECN bits and the segment size; what is not there leaves its argument as it was.</summary>
    internal static void Read(ReadOnlySpan<byte> control, ref UdpEndpoint local, ref EcnCodepoint ecn, ref int segmentSize)
    {
        while (control.Length >= HeaderSize)
        {
            ulong length = MemoryMarshal.Read<ulong>(control);
            if (length < HeaderSize || length > (ulong)control.Length) return;
            int level = MemoryMarshal.Read<int>(control[8..]);
            int type = MemoryMarshal.Read<int>(control[12..]);
            ReadOnlySpan<byte> data = control[HeaderSize..(int)length];
            switch (level, type)
            {
                case (Libc.SOL_IP, Libc.IP_PKTINFO) when data.Length >= Ipv4InfoSize:
                    // ipi_spec_dst is the local address of the packet, also when it was a broadcast.
                    local = UdpEndpoint.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), local.Port);
                    break;
                case (Libc.SOL_IPV6, Libc.IPV6_PKTINFO) when data.Length >= Ipv6InfoSize:
                    UInt128 address = BinaryPrimitives.ReadUInt128BigEndian(data);
                    local = new UdpEndpoint(address, local.Port, IsLinkLocal(address) ? MemoryMarshal.Read<uint>(data[16..]) : 0);
                    break;
                case (Libc.SOL_IP, Libc.IP_TOS) or (Libc.SOL_IPV6, Libc.IPV6_TCLASS) when data.Length >= 1:
                    // IP_TOS comes as one byte, IPV6_TCLASS as an int in host order; the machine is little-endian, so both begin with it.
                    ecn = (EcnCodepoint)(data[0] & 3);
                    break;
                case (Libc.IPPROTO_UDP, Libc.UDP_GRO) when data.Length >= sizeof(int):
                    segmentSize = MemoryMarshal.Read<int>(data);
                    break;
            }

            int next = Align((int)length);
            if (next >= control.Length) return;
            control = control[next..];
        }
    }

    /// <summary>Writes the source address, the ECN bits and the segment size to send with.</summary>
    /// <param name="control">At least <see cref="SendSize"/> bytes.</param>
    /// <param name="family">The socket's family.</param>
    /// <param name="local">Our address on the path; an all-zero address writes none.</param>
    /// <param name="isIpv4">Whether the datagram goes out as IPv4.</param>
    /// <param name="ecn">The ECN bits; <see cref="EcnCodepoint.NotEct"/> writes none.</param>
    /// <param name="segmentSize">Bytes of each datagram of a run, at most 65,535; 0 writes none.</param>
    /// <returns>Bytes written.</returns>
    internal static int Write(Span<byte> control, int family, in UdpEndpoint local, bool isIpv4, EcnCodepoint ecn, int segmentSize)
    {
        int written = 0;
        if (local.Address != UInt128.Zero)
        {
            if (family == Libc.AF_INET)
            {
                Span<byte> info = Begin(control, ref written, Libc.SOL_IP, Libc.IP_PKTINFO, Ipv4InfoSize);
                info.Clear();
                BinaryPrimitives.WriteUInt32BigEndian(info[4..], unchecked((uint)local.Address));
            }
            else
            {
                Span<byte> info = Begin(control, ref written, Libc.SOL_IPV6, Libc.IPV6_PKTINFO, Ipv6InfoSize);
                BinaryPrimitives.WriteUInt128BigEndian(info, local.Address);
                uint scope = local.ScopeId;
                MemoryMarshal.Write(info[16..], in scope);
            }
        }

        if (ecn != EcnCodepoint.NotEct)
        {
            Span<byte> field = isIpv4
                ? Begin(control, ref written, Libc.SOL_IP, Libc.IP_TOS, sizeof(int))
                : Begin(control, ref written, Libc.SOL_IPV6, Libc.IPV6_TCLASS, sizeof(int));
            int value = (int)ecn;
            MemoryMarshal.Write(field, in value);
        }

        if (segmentSize > 0)
        {
            ushort size = (ushort)segmentSize;
            MemoryMarshal.Write(Begin(control, ref written, Libc.IPPROTO_UDP, Libc.UDP_SEGMENT, sizeof(ushort)), in size);
        }

        return written;
    }

    private static Span<byte> Begin(Span<byte> control, ref int written, int level, int type, int dataSize)
    {
        Span<byte> message = control.Slice(written, Align(HeaderSize + dataSize));
        ulong length = (ulong)(HeaderSize + dataSize);
        MemoryMarshal.Write(message, in length);
        MemoryMarshal.Write(message[8..], in level);
        MemoryMarshal.Write(message[12..], in type);
        written += message.Length;
        return message.Slice(HeaderSize, dataSize);
    }

    // RFC 4291 §2.5.6: fe80::/10
    private static bool IsLinkLocal(UInt128 address) => (address >> 118) == 0x3FA;

    private static int Align(int length) => (length + 7) & ~7;
}
