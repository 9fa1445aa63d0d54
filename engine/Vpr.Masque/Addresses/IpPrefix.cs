using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vpr.Masque;

/// <summary>All addresses that share their first bits.</summary>
/// <remarks>RFC 9484 §4.7.1: the bits behind the prefix are zero.</remarks>
public readonly record struct IpPrefix
{
    private IpPrefix(IpAddress address, int length) => (Address, Length) = (address, length);

    /// <summary>The first address.</summary>
    public IpAddress Address { get; }

    /// <summary>How many bits are shared: 0 to 32 or 128.</summary>
    public int Length { get; }

    /// <summary>Which kind of addresses.</summary>
    public IpVersion Version => Address.Version;

    /// <summary>Whether the prefix is one address.</summary>
    public bool IsSingle => Length == Address.BitLength;

    /// <summary>The last address.</summary>
    public IpAddress Last => Address with { Value = Address.Value | HostMask(Address.Version, Length) };

    /// <summary>The range of all its addresses, for any protocol.</summary>
    public AddressRange ToRange() => new(Address, Last);

    /// <summary>Makes a prefix if the length suits the version and all bits behind it are zero.</summary>
    public static bool TryCreate(IpAddress address, int length, out IpPrefix prefix)
    {
        prefix = new IpPrefix(address, length);
        return (uint)length <= (uint)address.BitLength && (address.Value & HostMask(address.Version, length)) == UInt128.Zero;
    }

    /// <summary>The prefix of one address.</summary>
    public static IpPrefix Single(IpAddress address) => new(address, address.BitLength);

    /// <summary>All addresses of a version.</summary>
    public static IpPrefix All(IpVersion version) => new(IpAddress.Unspecified(version), 0);

    /// <summary>Whether <paramref name="address"/> is in the prefix.</summary>
    public bool Contains(IpAddress address) =>
        address.Version == Version && ((address.Value ^ Address.Value) & ~HostMask(Version, Length)) == UInt128.Zero;

    /// <summary>Reads "address/length", or an address alone as a prefix of its full length.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix)
    {
        prefix = default;
        if (text is null) return false;
        int slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out IpAddress address)) return false;
        int length = address.BitLength;
        if (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)) return false;
        return TryCreate(address, length, out prefix);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{Length.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Ones where the bits of a host are.</summary>
    private static UInt128 HostMask(IpVersion version, int length)
    {
        int hostBits = (version == IpVersion.V4 ? 32 : 128) - length;
        return hostBits >= 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - UInt128.One;
    }
}
