namespace Vpr.Wire.Quic;

/// <summary>preferred_address: where the server would like to be reached after the handshake; a server sends it.</summary>
/// <remarks>RFC 9000 §18.2, figure 22. An address family without a preference has address and port 0.</remarks>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x0D)]
public readonly ref partial struct PreferredAddressParameter
{
    /// <summary>The IPv4 address, most significant octet first.</summary>
    public uint Ipv4Address { get; init; }

    /// <summary>The UDP port for IPv4.</summary>
    public ushort Ipv4Port { get; init; }

    /// <summary>The IPv6 address, most significant octet first.</summary>
    public UInt128 Ipv6Address { get; init; }

    /// <summary>The UDP port for IPv6.</summary>
    public ushort Ipv6Port { get; init; }

    /// <summary>The connection ID to use there, 1 to 20 bytes; its sequence number is 1.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 1, Max = 20)]
    public ReadOnlySpan<byte> ConnectionId { get; init; }

    /// <summary>The stateless reset token of <see cref="ConnectionId"/>, 16 bytes.</summary>
    [Length(16)]
    public ReadOnlySpan<byte> StatelessResetToken { get; init; }
}
