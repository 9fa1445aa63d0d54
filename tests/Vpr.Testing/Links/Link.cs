using Vpr.Io;

namespace Vpr.Testing;

/// <summary>Which way a datagram goes along a cable.</summary>
public enum LinkDirection
{
    /// <summary>From the first host named in <see cref="SimulatedNetwork.Connect"/> to the second.</summary>
    LeftToRight,

    /// <summary>From the second host to the first.</summary>
    RightToLeft,
}

/// <summary>One property of a cable. Links are put in a row; each passes a datagram on, later, changed, twice, or not at all.</summary>
public abstract class Link
{
    /// <summary>Whether an address belongs to this link, as that of a NAT does.</summary>
    internal virtual bool Owns(UdpEndpoint address) => false;

    /// <summary>A datagram came in: it is to be given to <see cref="SimulatedNetwork.Forward"/> or <see cref="SimulatedNetwork.Drop"/>, once.</summary>
    internal abstract void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction);
}
