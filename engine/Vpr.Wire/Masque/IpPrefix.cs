namespace Vpr.Wire.Masque;

/// <summary>What an address and a prefix length have to be to name a prefix.</summary>
/// <remarks>RFC 9484 §4.7.1, §4.7.2</remarks>
internal static class IpPrefix
{
    /// <summary>Whether the version is known, the length at most the address's, and no bit set behind it.</summary>
    public static bool IsValid(byte ipVersion, uint ipv4Address, UInt128 ipv6Address, byte prefixLength) => ipVersion switch
    {
        4 => prefixLength == 32 || (prefixLength < 32 && ipv4Address << prefixLength == 0),
        6 => prefixLength == 128 || (prefixLength < 128 && ipv6Address << prefixLength == 0),
        _ => false,
    };
}
