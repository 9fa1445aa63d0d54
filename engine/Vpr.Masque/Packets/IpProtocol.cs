namespace Vpr.Masque;

/// <summary>Internet Protocol Numbers that this project tells apart.</summary>
/// <remarks>IANA "Assigned Internet Protocol Numbers"; the extension headers: RFC 8200 §4, RFC 4302, RFC 7045 §4.</remarks>
internal static class IpProtocol
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Authentication = 51;
    public const byte Icmpv6 = 58;
    public const byte DestinationOptions = 60;
    public const byte Mobility = 135;
    public const byte HostIdentity = 139;
    public const byte Shim6 = 140;
}
