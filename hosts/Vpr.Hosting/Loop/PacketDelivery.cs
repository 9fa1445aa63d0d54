using Vpr.Io;
using Vpr.Tunnel.Offload;

namespace Vpr.Hosting.Loop;

/// <summary>The way into a TUN queue: received packets of a flow are put together where they lie, all others go as they are.</summary>
internal sealed class PacketDelivery
{
    // A full batch of runs, and then some: more is written in two goes.
    private const int MaxPackets = 512;
    private const int MaxPieces = 1024;
    private const int ExtraSlots = 64;
    private const int ExtraSlotSize = 2048;

    private readonly IPacketDevice _device;
    private readonly PacketBatch _received;
    private readonly PacketGather _gather;
    private readonly FlowMerger _merger;
    private readonly PacketBatch _extra = new(ExtraSlots, ExtraSlotSize, TunnelLoop.Headroom);
    private byte[]? _refused;

    /// <summary>A way into <paramref name="device"/>.</summary>
    /// <param name="device">The TUN queue.</param>
    /// <param name="received">Where received datagrams lie, and most packets with them.</param>
    public PacketDelivery(IPacketDevice device, PacketBatch received)
    {
        _device = device;
        _received = received;
        _gather = new PacketGather(received, MaxPackets, MaxPieces);
        _merger = new FlowMerger(_gather, device.Offloads);
    }

    /// <summary>Takes a packet.</summary>
    /// <param name="packet">A part of a received datagram, which is not moved and must stay until <see cref="Flush"/>; or any other bytes, which are copied.</param>
    public void Deliver(Span<byte> packet)
    {
        if (!_received.Contains(packet))
        {
            Copy(packet);
            return;
        }

        if (_merger.Add(packet)) return;
        WriteGathered();
        _merger.Add(packet);
    }

    /// <summary>Writes all that was taken.</summary>
    public void Flush()
    {
        if (_gather.Count > 0) WriteGathered();
        if (_extra.Count > 0) WriteExtra();
    }

    private void WriteGathered()
    {
        _merger.Finish();
        for (int done = 0; (done += _device.Write(_gather, done)) < _gather.Count; done++) WriteInSegments(done);
        _gather.Clear();
    }

    // The kernel would not take this super-packet: its packets go one by one, as they came.
    private void WriteInSegments(int index)
    {
        ref GatheredPacket packet = ref _gather[index];
        _refused ??= GC.AllocateUninitializedArray<byte>(FlowMerger.MaxLength);
        int length = 0;
        foreach (Span<byte> piece in _gather.Pieces(index))
        {
            piece.CopyTo(_refused.AsSpan(length));
            length += piece.Length;
        }

        var segments = new SegmentSplitter(_refused.AsSpan(0, length), packet.Segmentation, packet.SegmentSize, packet.Checksum);
        while (segments.NextLength is > 0 and var next) segments.Write(AddExtra(next));
        WriteExtra();
    }

    private void Copy(ReadOnlySpan<byte> packet)
    {
        if (packet.Length <= ExtraSlotSize - TunnelLoop.Headroom) packet.CopyTo(AddExtra(packet.Length));
    }

    private Span<byte> AddExtra(int length)
    {
        int index = _extra.Add();
        if (index < 0)
        {
            WriteExtra();
            index = _extra.Add();
        }

        _extra[index].Length = length;
        return _extra.Packet(index);
    }

    private void WriteExtra()
    {
        _device.Write(_extra);
        _extra.Clear();
    }
}
