using Vpr.Io;
using Vpr.Tunnel.Offload;

namespace Vpr.Tunnel.Tests.Offload;

/// <summary>A merger with its memory: takes packets and shows what a device would be given, and what its kernel would make of that.</summary>
internal sealed class MergeBench
{
    private readonly PacketBatch _batch;
    private readonly PacketGather _gather;
    private readonly FlowMerger _merger;

    public MergeBench(PacketOffloads accepted = PacketOffloads.All, int packets = 1024, int pieces = 2048)
    {
        _batch = new PacketBatch(2048, 2048, 64);
        _gather = new PacketGather(_batch, packets, pieces);
        _merger = new FlowMerger(_gather, accepted);
    }

    /// <summary>What was written to the device so far.</summary>
    public List<Written> Output { get; } = [];

    /// <summary>Merges a burst and writes it.</summary>
    public List<Written> Merge(IEnumerable<byte[]> burst)
    {
        Output.Clear();
        _batch.Clear();
        foreach (byte[] packet in burst)
        {
            int index = _batch.Add();
            _batch[index].Length = packet.Length;
            packet.CopyTo(_batch.Packet(index));
            while (!_merger.Add(_batch.Packet(index)))
            {
                Assert.True(_gather.Count > 0, "An empty gather takes a packet.");
                Flush();
            }
        }

        Flush();
        return Output;
    }

    /// <summary>Merges a burst as before, and looks at nothing but how many packets there are then.</summary>
    public int Count(List<byte[]> burst)
    {
        _batch.Clear();
        foreach (byte[] packet in burst)
        {
            int index = _batch.Add();
            _batch[index].Length = packet.Length;
            packet.CopyTo(_batch.Packet(index));
            _merger.Add(_batch.Packet(index));
        }

        _merger.Finish();
        int count = _gather.Count;
        _gather.Clear();
        return count;
    }

    private void Flush()
    {
        _merger.Finish();
        for (int index = 0; index < _gather.Count; index++)
        {
            List<byte> bytes = [];
            foreach (Span<byte> piece in _gather.Pieces(index)) bytes.AddRange(piece);
            Assert.Equal(_gather[index].Length, bytes.Count);
            Output.Add(new Written([.. bytes], _gather[index]));
        }

        _gather.Clear();
    }

    /// <summary>One packet of a device.</summary>
    internal sealed record Written(byte[] Packet, GatheredPacket Facts)
    {
        /// <summary>The packets that it stands for.</summary>
        public List<byte[]> Split() => SegmentSplitterTests.Split(Packet, Facts.Segmentation, Facts.SegmentSize, Facts.Checksum);
    }
}
