namespace Vpr.Wire.Ip;

/// <summary>An ICMPv6 message.</summary>
/// <remarks>RFC 4443 §2.1. The checksum covers an IPv6 pseudo-header and is not verified by parsing (<see cref="InternetChecksum"/>).</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Icmpv6)]
public readonly ref partial struct Icmpv6Header
{
    /// <summary>The header's length in bytes, the first word of the body included.</summary>
    public const int Length = 8;

    /// <summary>Where <see cref="Checksum"/> stands, in bytes from the header's start.</summary>
    public const int ChecksumOffset = 2;

    /// <summary>What the message says.</summary>
    public Icmpv6Type Type { get; init; }

    /// <summary>More precisely, within <see cref="Type"/>.</summary>
    public byte Code { get; init; }

    /// <summary>The checksum over pseudo-header and message.</summary>
    public ushort Checksum { get; init; }

    /// <summary>The body's first word, whose meaning the type gives: an MTU, or an echo's identifier and sequence number.</summary>
    public uint RestOfHeader { get; init; }

    /// <summary>The message's data: for an error, the beginning of the packet that caused it.</summary>
    [Rest]
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Whether the message reports an error: it must not be answered by one (RFC 4443 §2.4).</summary>
    public bool IsError => (byte)Type < 128;

    /// <summary>The next hop's MTU in bytes, in a Packet Too Big message.</summary>
    public uint Mtu => RestOfHeader;

    /// <summary>An echo's identifier.</summary>
    public ushort Identifier => (ushort)(RestOfHeader >> 16);

    /// <summary>An echo's sequence number.</summary>
    public ushort SequenceNumber => (ushort)(RestOfHeader & 0xFFFF);
}
