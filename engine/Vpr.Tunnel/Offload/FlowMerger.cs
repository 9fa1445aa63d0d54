using System.Buffers.Binary;
using Vpr.Io;
using Vpr.Wire.Ip;

namespace Vpr.Tunnel.Offload;

/// <summary>Puts neighbours of a flow together into super-packets, one for many to write to a device.</summary>
/// <remarks>
/// The reverse of <see cref="SegmentSplitter"/>: what it puts together is cut into the same packets again, but for the identification of IPv4
/// packets that must not be fragmented, which means nothing (RFC 6864 §4.1). Only packets that agree in all the rest are put together: TCP segments
/// that follow on one another, UDP datagrams of one size; checksums are verified first. Packets of a flow stay in their order, whatever
/// happens; different flows may pass each other. One thread at a time; allocates nothing after its creation.
/// </remarks>
public sealed class FlowMerger
{
    /// <summary>Flows that are looked at together; one more closes another.</summary>
    public const int MaxFlows = 16;

    /// <summary>The longest super-packet in bytes, which is the longest that an IPv4 header can name.</summary>
    public const int MaxLength = ushort.MaxValue;

    /// <summary>The most TCP segments of a super-packet: its pieces go to the kernel by one gathering write, which takes 1,024.</summary>
    public const int MaxSegments = 512;

    /// <summary>The most datagrams of a super-packet: receivers of UDP_GRO reckon with no more.</summary>
    public const int MaxDatagrams = 64;

    private readonly PacketGather _output;
    private readonly PacketOffloads _accepted;
    private readonly OpenFlow[] _flows = new OpenFlow[MaxFlows];
    private readonly uint[] _hashes = new uint[MaxFlows];
    private int _count;
    private uint _evictions;

    /// <summary>A merger into one gather.</summary>
    /// <param name="output">Takes the packets; the caller empties it after <see cref="Finish"/>.</param>
    /// <param name="accepted">What the device can cut, <see cref="IPacketDevice.Offloads"/>; all else passes as it is.</param>
    public FlowMerger(PacketGather output, PacketOffloads accepted)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _accepted = accepted;
    }

    /// <summary>Takes the next packet.</summary>
    /// <param name="packet">A part of the gather's memory, which stays as it is until the gather is emptied; headers in it may be changed.</param>
    /// <returns>False when the gather has no room: <see cref="Finish"/>, write, empty it, and offer the packet again.</returns>
    public bool Add(Span<byte> packet)
    {
        if (!FlowPacket.TryRead(packet, out FlowPacket arrived))
        {
            CloseBetween(FlowPacket.AddressesOf(packet));
            return _output.Add(packet) >= 0;
        }

        if ((_accepted & (arrived.Segmentation == Segmentation.Udp ? PacketOffloads.Uso : PacketOffloads.Tso)) == 0) return _output.Add(packet) >= 0;
        bool isMergeable = arrived.IsMergeable;
        uint hash = arrived.Hash();
        int flow = _hashes.AsSpan(0, _count).IndexOf(hash);
        if (flow >= 0)
        {
            if (isMergeable && TryAppend(ref _flows[flow], arrived))
            {
                if (_flows[flow].IsFull) Close(flow);
                return true;
            }

            // Nothing more may be put in front of this packet.
            Close(flow);
        }

        int index = _output.Add(packet);
        if (index < 0) return false;
        if (isMergeable && !arrived.EndsRun) Open(hash, index, arrived);
        return true;
    }

    /// <summary>Completes the headers of all that was put together; the gather is ready to be written.</summary>
    public void Finish()
    {
        while (_count > 0) Close(_count - 1);
    }

    private void Open(uint hash, int index, in FlowPacket first)
    {
        if (_count == MaxFlows) Close((int)(_evictions++ % MaxFlows));
        _hashes[_count] = hash;
        _flows[_count++] = new OpenFlow
        {
            Index = index,
            Segmentation = first.Segmentation,
            Layout = first.Layout,
            SegmentSize = first.Payload.Length,
            Segments = 1,
            NextSequence = first.Segmentation == Segmentation.Udp ? 0 : Sequence(first) + (uint)first.Payload.Length,
        };
    }

    private bool TryAppend(ref OpenFlow flow, in FlowPacket arrived)
    {
        FlowPacket first = First(flow);
        Span<byte> payload = arrived.Payload;
        if (flow.Layout != arrived.Layout || payload.Length > flow.SegmentSize || _output[flow.Index].Length + payload.Length > MaxLength) return false;
        bool isTcp = flow.Segmentation != Segmentation.Udp;
        if (isTcp && Sequence(arrived) != flow.NextSequence) return false;
        if (!first.HasNetworkHeaderOf(arrived, flow.Segments) || !first.HasTransportHeaderOf(arrived)) return false;

        // A packet that stays alone is not summed at all.
        if (!flow.IsIntact && !(flow.IsIntact = first.IsIntact())) return false;
        if (!arrived.IsIntact() || !_output.TryAppend(flow.Index, payload)) return false;
        flow.NextSequence += (uint)payload.Length;
        flow.LastFlags = arrived.Flags;
        flow.Segments++;
        flow.IsFull = arrived.EndsRun || payload.Length < flow.SegmentSize || flow.Segments == (isTcp ? MaxSegments : MaxDatagrams);
        return true;
    }

    // Fragments and the like do not tell their flow: they may belong to any between the same two hosts.
    private void CloseBetween(ReadOnlySpan<byte> addresses)
    {
        if (addresses.IsEmpty) return;
        for (int flow = _count - 1; flow >= 0; flow--)
            if (First(_flows[flow]).Addresses.SequenceEqual(addresses)) Close(flow);
    }

    private void Close(int flow)
    {
        if (_flows[flow].Segments > 1) Complete(_flows[flow]);
        _count--;
        _flows[flow] = _flows[_count];
        _hashes[flow] = _hashes[_count];
    }

    private void Complete(in OpenFlow flow)
    {
        ref GatheredPacket packet = ref _output[flow.Index];
        FlowPacket first = First(flow);
        if (first.IsIpv4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(first.Network[Ipv4Fields.TotalLength..], (ushort)packet.Length);
            InternetChecksum.WriteIpv4Header(first.Network);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(first.Network[Ipv6Fields.PayloadLength..], (ushort)(packet.Length - Ipv6Header.Length));
        }

        int length = packet.Length - flow.Layout.Transport;
        bool isTcp = flow.Segmentation != Segmentation.Udp;
        if (isTcp) first.TransportHeader[TcpFields.Flags] |= (byte)flow.LastFlags;
        else BinaryPrimitives.WriteUInt16BigEndian(first.TransportHeader[UdpFields.Length..], (ushort)length);
        int field = isTcp ? TcpHeader.ChecksumOffset : UdpHeader.ChecksumOffset;
        BinaryPrimitives.WriteUInt16BigEndian(first.TransportHeader[field..], InternetChecksum.FinishPartial(first.PseudoHeader(length)));

        packet.Segmentation = flow.Segmentation;
        packet.SegmentSize = flow.SegmentSize;
        packet.HeaderLength = flow.Layout.Headers;
        packet.Checksum = new PartialChecksum((ushort)flow.Layout.Transport, (ushort)field);
    }

    private FlowPacket First(in OpenFlow flow) => FlowPacket.Again(_output.First(flow.Index), flow.Segmentation, flow.Layout);

    private static uint Sequence(in FlowPacket packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.TransportHeader[TcpFields.Sequence..]);

    /// <summary>The super-packet that a flow's next packet may be appended to.</summary>
    private struct OpenFlow
    {
        public int Index;
        public Segmentation Segmentation;
        public SuperPacketLayout Layout;
        public int SegmentSize;
        public int Segments;
        public uint NextSequence;
        public TcpFlags LastFlags;
        public bool IsIntact;
        public bool IsFull;
    }
}
