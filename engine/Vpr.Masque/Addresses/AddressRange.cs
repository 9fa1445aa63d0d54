using Vpr.Wire.Ip;

namespace Vpr.Masque;

/// <summary>Consecutive addresses that one end is willing to route, for one protocol or all.</summary>
/// <remarks>RFC 9484 §4.7.3</remarks>
/// <param name="Start">The first address.</param>
/// <param name="End">The last address, inclusive: of the same version, and not before <paramref name="Start"/>.</param>
/// <param name="Protocol">The Internet Protocol Number, or <see cref="AllProtocols"/>; ICMP always passes.</param>
public readonly record struct AddressRange(IpAddress Start, IpAddress End, IpProtocol Protocol = AddressRange.AllProtocols)
{
    /// <summary>In a range, the number 0 means every protocol.</summary>
    public const IpProtocol AllProtocols = 0;

    /// <summary>Whether both ends are of one version and in order.</summary>
    public bool IsValid => Start.Version == End.Version && Start.Version is IpVersion.V4 or IpVersion.V6 && Start.Value <= End.Value;

    /// <summary>Whether <paramref name="address"/> lies in the range.</summary>
    public bool Contains(IpAddress address) =>
        address.Version == Start.Version && address.Value >= Start.Value && address.Value <= End.Value;

    /// <inheritdoc/>
    public override string ToString() => Protocol == AllProtocols ? $"{Start}-{End}" : $"{Start}-{End} protocol {Protocol}";
}
