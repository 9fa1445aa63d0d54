namespace Vpr.Masque;

/// <summary>The version field of an IP header, and of addresses in capsules.</summary>
/// <remarks>RFC 9484 §4.7.1</remarks>
public enum IpVersion : byte
{
    /// <summary>IPv4, RFC 791: addresses of 32 bits.</summary>
    V4 = 4,

    /// <summary>IPv6, RFC 8200: addresses of 128 bits.</summary>
    V6 = 6,
}
