namespace Vpr.Masque;

/// <summary>Decides about the addresses that a peer asks for.</summary>
/// <remarks>RFC 9484 §4.7.2</remarks>
public interface IAddressSource
{
    /// <summary>Assigns an address or refuses; asking again for the same peer gives the same address.</summary>
    /// <param name="version">The wanted version.</param>
    /// <param name="preferred">What the peer would like: a prefix of the wanted length, whose address is unspecified when it has no wish.</param>
    /// <param name="assigned">The assigned prefix when the result is true; it may be narrower than what was asked for.</param>
    bool TryAssign(IpVersion version, IpPrefix preferred, out IpPrefix assigned);
}
