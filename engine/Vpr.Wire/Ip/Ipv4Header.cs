namespace Vpr.Wire.Ip;

/// <summary>An IPv4 header with its options.</summary>
/// <remarks>RFC 791 §3.1; DSCP from RFC 2474 §3, ECN from RFC 3168 §5. The checksum is not verified by parsing (<see cref="InternetChecksum"/>).</remarks>
[WireFormat(Valid = nameof(HoldsItself))]
public readonly ref partial struct Ipv4Header
{
    /// <summary>The length of a header without options, in bytes.</summary>
    public const int MinLength = 20;

    /// <summary>4.</summary>
    [Bits(4), Constant(4)]
    public byte Version => 4;

    /// <summary>The header's length in 32-bit words, 5 to 15.</summary>
    [Bits(4), Between(5, 15)]
    public byte InternetHeaderLength { get; init; }

    /// <summary>The Differentiated Services codepoint.</summary>
    [Bits(6)]
    public byte DifferentiatedServices { get; init; }

    /// <summary>The ECN codepoint.</summary>
    [Bits(2)]
    public byte Ecn { get; init; }

    /// <summary>The packet's length in bytes, header included.</summary>
    public ushort TotalLength { get; init; }

    /// <summary>Names the fragments of one packet.</summary>
    public ushort Identification { get; init; }

    /// <summary>0 but for those who joke (RFC 3514).</summary>
    [Bits]
    public bool Reserved { get; init; }

    /// <summary>Whether routers must not fragment the packet.</summary>
    [Bits]
    public bool DontFragment { get; init; }

    /// <summary>Whether a later fragment exists.</summary>
    [Bits]
    public bool MoreFragments { get; init; }

    /// <summary>Where the fragment belongs, in units of 8 bytes.</summary>
    [Bits(13)]
    public ushort FragmentOffset { get; init; }

    /// <summary>How many more routers may forward the packet.</summary>
    public byte TimeToLive { get; init; }

    /// <summary>What follows the header.</summary>
    public IpProtocol Protocol { get; init; }

    /// <summary>The header's checksum.</summary>
    public ushort HeaderChecksum { get; init; }

    /// <summary>The sender's address, most significant octet first.</summary>
    public uint SourceAddress { get; init; }

    /// <summary>The receiver's address, most significant octet first.</summary>
    public uint DestinationAddress { get; init; }

    /// <summary>The options, 0 to 40 bytes.</summary>
    [LengthFrom(nameof(InternetHeaderLength), Unit = 4, Bias = -5)]
    public ReadOnlySpan<byte> Options { get; init; }

    /// <summary>The header's length in bytes, 20 to 60.</summary>
    public int HeaderLength => InternetHeaderLength * 4;

    /// <summary>The length of what follows the header, in bytes.</summary>
    public int PayloadLength => TotalLength - HeaderLength;

    /// <summary>Whether the packet is a part of a larger one.</summary>
    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    private bool HoldsItself => TotalLength >= HeaderLength;
}
