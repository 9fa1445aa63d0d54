namespace Vpr.Wire.Ip;

/// <summary>What follows an IP header: the Protocol field of IPv4, the Next Header field of IPv6.</summary>
/// <remarks>RFC 791 §3.1, RFC 8200 §3; the numbers are IANA's "Assigned Internet Protocol Numbers". Any other number is allowed.</remarks>
public enum IpProtocol : byte
{
    /// <summary>IPv6 hop-by-hop options (RFC 8200 §4.3); in a route advertisement 0 means all protocols (RFC 9484 §4.7.3).</summary>
    HopByHopOptions = 0,

    /// <summary>ICMP (RFC 792)</summary>
    Icmp = 1,

    /// <summary>TCP (RFC 9293)</summary>
    Tcp = 6,

    /// <summary>UDP (RFC 768)</summary>
    Udp = 17,

    /// <summary>IPv6 routing header (RFC 8200 §4.4)</summary>
    Routing = 43,

    /// <summary>IPv6 fragment header (RFC 8200 §4.5)</summary>
    Fragment = 44,

    /// <summary>IPsec's Encapsulating Security Payload (RFC 4303): nothing behind it can be read.</summary>
    EncapsulatingSecurityPayload = 50,

    /// <summary>IPsec's Authentication Header (RFC 4302)</summary>
    Authentication = 51,

    /// <summary>ICMPv6 (RFC 4443)</summary>
    Icmpv6 = 58,

    /// <summary>Nothing follows (RFC 8200 §4.7).</summary>
    NoNextHeader = 59,

    /// <summary>IPv6 destination options (RFC 8200 §4.6)</summary>
    DestinationOptions = 60,

    /// <summary>IPv6 mobility header (RFC 6275 §6.1)</summary>
    Mobility = 135,

    /// <summary>Host Identity Protocol (RFC 7401 §5.1)</summary>
    HostIdentity = 139,

    /// <summary>Shim6 (RFC 5533 §5.1)</summary>
    Shim6 = 140,
}
