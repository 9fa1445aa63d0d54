namespace Vpr.Wire.Ip;

/// <summary>A TCP header with its options.</summary>
/// <remarks>RFC 9293 §3.1. The checksum is not verified by parsing (<see cref="InternetChecksum"/>).</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Tcp)]
public readonly ref partial struct TcpHeader
{
    /// <summary>The length of a header without options, in bytes.</summary>
    public const int MinLength = 20;

    /// <summary>Where <see cref="Checksum"/> stands, in bytes from the header's start.</summary>
    public const int ChecksumOffset = 16;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The first data byte's place in the stream; with SYN, the initial sequence number.</summary>
    public uint SequenceNumber { get; init; }

    /// <summary>The next byte that the sender expects, when <see cref="Ack"/> is set.</summary>
    public uint AcknowledgmentNumber { get; init; }

    /// <summary>The header's length in 32-bit words, 5 to 15.</summary>
    [Bits(4), Between(5, 15)]
    public byte DataOffset { get; init; }

    /// <summary>0 unless a later RFC says otherwise (the lowest bit is AE, RFC 9768).</summary>
    [Bits(4)]
    public byte Reserved { get; init; }

    /// <summary>CWR: the congestion window was reduced (RFC 3168).</summary>
    [Bits]
    public bool Cwr { get; init; }

    /// <summary>ECE: ECN echo (RFC 3168).</summary>
    [Bits]
    public bool Ece { get; init; }

    /// <summary>URG: <see cref="UrgentPointer"/> counts.</summary>
    [Bits]
    public bool Urg { get; init; }

    /// <summary>ACK: <see cref="AcknowledgmentNumber"/> counts.</summary>
    [Bits]
    public bool Ack { get; init; }

    /// <summary>PSH: hand the data over at once.</summary>
    [Bits]
    public bool Psh { get; init; }

    /// <summary>RST: the connection is reset.</summary>
    [Bits]
    public bool Rst { get; init; }

    /// <summary>SYN: sequence numbers are synchronized.</summary>
    [Bits]
    public bool Syn { get; init; }

    /// <summary>FIN: the sender has no more data.</summary>
    [Bits]
    public bool Fin { get; init; }

    /// <summary>How much the sender is ready to receive, not yet scaled.</summary>
    public ushort Window { get; init; }

    /// <summary>The checksum over pseudo-header, header and data.</summary>
    public ushort Checksum { get; init; }

    /// <summary>Where urgent data ends, from <see cref="SequenceNumber"/>.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>The options, 0 to 40 bytes.</summary>
    [LengthFrom(nameof(DataOffset), Unit = 4, Bias = -5)]
    public ReadOnlySpan<byte> Options { get; init; }

    /// <summary>The header's length in bytes, 20 to 60.</summary>
    public int HeaderLength => DataOffset * 4;
}
