using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Offload;

/// <summary>Cuts a super-packet into packets that are whole: lengths, identification, sequence numbers, flags and checksums.</summary>
/// <remarks>
/// What the kernel leaves to a device with TSO and USO (Virtio 1.3 §5.1.6.2), after RFC 9293 §3.1, RFC 768, RFC 8200 and RFC 6864. A packet without
/// segmentation is one segment, its partial checksum completed. The payload is copied and summed in one pass; of the headers only the
/// fields that differ are summed again. Allocates nothing; malformed packets have no segments.
/// </remarks>
public ref struct SegmentSplitter
{
    private const int MaxHeader = 60;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly Segmentation _segmentation;
    private readonly PartialChecksum _checksum;
    private readonly SuperPacketLayout _layout;
    private readonly int _segmentSize;
    private readonly bool _isIpv4;

    // The sums of what all segments' headers have in common; of the transport header with the pseudo-header but for its length.
    private readonly ulong _networkSum;
    private readonly ulong _transportSum;
    private int _written;
    private int _left;

    /// <summary>Looks at a packet of a device.</summary>
    /// <param name="packet">The packet, which must not change until all segments are written.</param>
    /// <param name="facts">What the device said of it: its slot.</param>
    public SegmentSplitter(ReadOnlySpan<byte> packet, in PacketSlot facts)
        : this(packet, facts.Segmentation, facts.SegmentSize, facts.Checksum)
    {
    }

    /// <summary>Looks at a packet of a device.</summary>
    /// <param name="packet">The packet, which must not change until all segments are written.</param>
    /// <param name="segmentation">What it is to be cut into.</param>
    /// <param name="segmentSize">Payload bytes of each segment, the last may have fewer; 1 or more with segmentation.</param>
    /// <param name="checksum">What is missing; with segmentation, the transport header's.</param>
    public SegmentSplitter(ReadOnlySpan<byte> packet, Segmentation segmentation, int segmentSize, PartialChecksum checksum)
    {
        _packet = packet;
        _segmentation = segmentation;
        _checksum = checksum;
        if (segmentation == Segmentation.None)
        {
            if (packet.IsEmpty || (checksum.IsNeeded && !TransportChecksum.IsWithin(packet.Length, checksum))) return;
            _layout = new SuperPacketLayout(packet.Length, packet.Length);
            Count = 1;
            return;
        }

        if (segmentSize <= 0 || !SuperPacketLayout.TryRead(packet, segmentation, checksum, out _layout)) return;
        _segmentSize = segmentSize;
        _isIpv4 = packet[0] >> 4 == 4;
        _left = packet.Length - _layout.Headers;
        Count = _left == 0 ? 1 : (int)(((uint)_left + (uint)segmentSize - 1) / (uint)segmentSize);
        if (_isIpv4) _networkSum = SumOfNetworkHeader(packet[.._layout.Transport]);
        _transportSum = SumOfTransportHeader(packet[_layout.Transport.._layout.Headers], packet.Length - _layout.Transport);
    }

    /// <summary>How many segments are still to be written.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the next segment with its headers; 0 when there is none.</summary>
    public readonly int NextLength => Count == 0 ? 0 : _layout.Headers + Math.Min(_left, _segmentSize);

    /// <summary>Writes the next segment.</summary>
    /// <param name="destination">At least <see cref="NextLength"/> bytes; must not overlap the packet.</param>
    /// <returns>How many bytes were written; 0 when there is no segment left.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public int Write(Span<byte> destination)
    {
        int length = NextLength;
        if (length == 0) return 0;
        if (destination.Length < length) throw new ArgumentException("The destination is smaller than the next segment.", nameof(destination));
        Span<byte> segment = destination[..length];
        Count--;
        if (_segmentation == Segmentation.None)
        {
            _packet.CopyTo(segment);
            TransportChecksum.TryComplete(segment, _checksum);
            return length;
        }

        int payload = length - _layout.Headers;
        _packet[.._layout.Headers].CopyTo(segment);
        ulong sum = InternetChecksum.Copy(
            _transportSum, _packet.Slice(_layout.Headers + _written * _segmentSize, payload), segment[_layout.Headers..]);
        if (_isIpv4) WriteIpv4(segment);
        else BinaryPrimitives.WriteUInt16BigEndian(segment[Ipv6Fields.PayloadLength..], (ushort)(length - Ipv6Header.Length));

        Span<byte> transport = segment[_layout.Transport..];
        sum = InternetChecksum.Add(sum, (ushort)transport.Length);
        if (_segmentation == Segmentation.Udp) WriteUdp(transport, sum);
        else WriteTcp(transport, sum);
        _written++;
        _left -= payload;
        return length;
    }

    private readonly void WriteIpv4(Span<byte> segment)
    {
        // Each packet gets an identification of its own, as routers may cut it unless told not to (RFC 6864 §4.2).
        ushort identification = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(segment[Ipv4Fields.Identification..]) + _written);
        ushort length = (ushort)segment.Length;
        BinaryPrimitives.WriteUInt16BigEndian(segment[Ipv4Fields.TotalLength..], length);
        BinaryPrimitives.WriteUInt16BigEndian(segment[Ipv4Fields.Identification..], identification);
        ulong sum = InternetChecksum.Add(InternetChecksum.Add(_networkSum, length), identification);
        BinaryPrimitives.WriteUInt16BigEndian(segment[Ipv4Fields.HeaderChecksum..], InternetChecksum.Finish(sum));
    }

    private readonly void WriteTcp(Span<byte> transport, ulong sum)
    {
        uint sequence = unchecked(BinaryPrimitives.ReadUInt32BigEndian(transport[TcpFields.Sequence..]) + (uint)(_written * _segmentSize));
        BinaryPrimitives.WriteUInt32BigEndian(transport[TcpFields.Sequence..], sequence);
        TcpFlags flags = (TcpFlags)transport[TcpFields.Flags];
        // FIN and PSH belong to the last byte. RFC 3168 §6.1.2: CWR is said once, with the first new data.
        if (Count > 0) flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
        if (_written > 0) flags &= ~TcpFlags.Cwr;
        transport[TcpFields.Flags] = (byte)flags;
        sum = InternetChecksum.Add(InternetChecksum.Add(sum, (ushort)(sequence >> 16)), (ushort)(sequence & ushort.MaxValue));
        sum = InternetChecksum.Add(sum, (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(transport[TcpHeader.ChecksumOffset..], InternetChecksum.Finish(sum));
    }

    private static void WriteUdp(Span<byte> transport, ulong sum)
    {
        ushort length = (ushort)transport.Length;
        BinaryPrimitives.WriteUInt16BigEndian(transport[UdpFields.Length..], length);
        // The length is summed twice: as a field, and in the pseudo-header.
        BinaryPrimitives.WriteUInt16BigEndian(transport[UdpHeader.ChecksumOffset..], InternetChecksum.FinishUdp(InternetChecksum.Add(sum, length)));
    }

    private static ulong SumOfNetworkHeader(ReadOnlySpan<byte> header)
    {
        Span<byte> common = stackalloc byte[MaxHeader];
        common = common[..header.Length];
        header.CopyTo(common);
        common.Slice(Ipv4Fields.TotalLength, 2).Clear();
        common.Slice(Ipv4Fields.Identification, 2).Clear();
        common.Slice(Ipv4Fields.HeaderChecksum, 2).Clear();
        return InternetChecksum.Add(0, common);
    }

    // The checksum field stays in the sum: there the pseudo-header's sum is, with the length of the whole, which is taken out.
    private readonly ulong SumOfTransportHeader(ReadOnlySpan<byte> header, int length)
    {
        Span<byte> common = stackalloc byte[MaxHeader];
        common = common[..header.Length];
        header.CopyTo(common);
        if (_segmentation == Segmentation.Udp)
        {
            common.Slice(UdpFields.Length, 2).Clear();
        }
        else
        {
            common.Slice(TcpFields.Sequence, 4).Clear();
            common[TcpFields.Flags] = 0;
        }

        return InternetChecksum.Add(InternetChecksum.Add(0, common), (ushort)~length);
    }
}
