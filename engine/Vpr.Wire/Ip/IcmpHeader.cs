namespace Vpr.Wire.Ip;

/// <summary>An ICMP message.</summary>
/// <remarks>RFC 792. The checksum is not verified by parsing (<see cref="InternetChecksum"/>).</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Icmp)]
public readonly ref partial struct IcmpHeader
{
    /// <summary>The header's length in bytes.</summary>
    public const int Length = 8;

    /// <summary>Where <see cref="Checksum"/> stands, in bytes from the header's start.</summary>
    public const int ChecksumOffset = 2;

    /// <summary>Destination unreachable: the packet is too big and must not be fragmented.</summary>
    public const byte FragmentationNeeded = 4;

    /// <summary>What the message says.</summary>
    public IcmpType Type { get; init; }

    /// <summary>More precisely, within <see cref="Type"/>.</summary>
    public byte Code { get; init; }

    /// <summary>The checksum over the whole message.</summary>
    public ushort Checksum { get; init; }

    /// <summary>The second word, whose meaning the type gives: an echo's identifier and sequence number, or the next hop's MTU.</summary>
    public uint RestOfHeader { get; init; }

    /// <summary>The message's data: for an error, the beginning of the packet that caused it.</summary>
    [Rest]
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>The next hop's MTU in bytes, where fragmentation is needed (RFC 1191 §4); 0 from old routers.</summary>
    public ushort NextHopMtu => (ushort)(RestOfHeader & 0xFFFF);

    /// <summary>An echo's identifier.</summary>
    public ushort Identifier => (ushort)(RestOfHeader >> 16);

    /// <summary>An echo's sequence number.</summary>
    public ushort SequenceNumber => (ushort)(RestOfHeader & 0xFFFF);
}
