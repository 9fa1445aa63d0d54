namespace Vpr.Io;

/// <summary>What is known of one packet of a <see cref="PacketGather"/>.</summary>
public struct GatheredPacket
{
    /// <summary>Bytes of the whole packet.</summary>
    public int Length { get; internal set; }

    /// <summary>How many pieces it has.</summary>
    public int PieceCount { get; internal set; }

    /// <summary>What the kernel cuts it into.</summary>
    public Segmentation Segmentation;

    /// <summary>Payload bytes of each segment; 0 without segmentation.</summary>
    public int SegmentSize;

    /// <summary>Bytes of the IP and transport headers that each segment repeats; 0 without segmentation.</summary>
    public int HeaderLength;

    /// <summary>What the kernel is to complete.</summary>
    public PartialChecksum Checksum;

    internal int FirstPiece;
    internal int LastPiece;
}
