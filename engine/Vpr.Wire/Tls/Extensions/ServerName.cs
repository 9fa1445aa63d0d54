namespace Vpr.Wire.Tls;

/// <summary>One entry of a server name list.</summary>
/// <remarks>RFC 6066 §3</remarks>
[WireFormat]
public readonly ref partial struct ServerName
{
    /// <summary>0, host_name: the one type there is.</summary>
    public byte NameType { get; init; }

    /// <summary>The name in ASCII, without a trailing dot; an address is not a name.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public ReadOnlySpan<byte> HostName { get; init; }
}
