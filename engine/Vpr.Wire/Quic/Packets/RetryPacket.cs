namespace Vpr.Wire.Quic;

/// <summary>Retry: the server wants its token back in a new Initial packet before it goes on.</summary>
/// <remarks>RFC 9000 §17.2.5. The integrity tag covers all bytes before it and the original connection ID (RFC 9001 §5.8).</remarks>
[WireFormat(Valid = nameof(HasIntegrityTag))]
public readonly ref partial struct RetryPacket
{
    /// <summary>The length of the integrity tag, in bytes.</summary>
    public const int IntegrityTagLength = 16;

    /// <summary>Header form, 1.</summary>
    [Bits(1), Constant(1)]
    public byte HeaderForm => 1;

    /// <summary>Fixed bit, 1 unless greased.</summary>
    [Bits(1)]
    public bool FixedBit { get; init; }

    /// <summary>Long packet type, 3.</summary>
    [Bits(2), Constant(3)]
    public LongPacketType Type => LongPacketType.Retry;

    /// <summary>Four bits without meaning.</summary>
    [Bits(4)]
    public byte Unused { get; init; }

    /// <summary>The version, 1.</summary>
    public uint Version { get; init; }

    /// <summary>The client's connection ID, 0 to 20 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Max = 20)]
    public ReadOnlySpan<byte> DestinationConnectionId { get; init; }

    /// <summary>The server's new connection ID, 0 to 20 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Max = 20)]
    public ReadOnlySpan<byte> SourceConnectionId { get; init; }

    /// <summary>The token, then the integrity tag's 16 bytes: the last part of a datagram, so one length serves for both.</summary>
    [Rest]
    public ReadOnlySpan<byte> TokenAndTag { get; init; }

    /// <summary>The token. A client discards a packet in which it is empty.</summary>
    public ReadOnlySpan<byte> RetryToken => TokenAndTag[..^IntegrityTagLength];

    /// <summary>The integrity tag, 16 bytes.</summary>
    public ReadOnlySpan<byte> IntegrityTag => TokenAndTag[^IntegrityTagLength..];

    private bool HasIntegrityTag => TokenAndTag.Length >= IntegrityTagLength;
}
