using Vpr.Io;

namespace Vpr.Testing;

/// <summary>A NAT in front of the left host, whose mapping changes when a test says so.</summary>
/// <param name="address">Its public address and first port.</param>
public sealed class RebindingNat(UdpEndpoint address) : Link
{
    private readonly HashSet<UdpEndpoint> _everUsed = [address];
    private UdpEndpoint _inside;
    private UdpEndpoint _outside = address;

    /// <summary>The public address of the mapping in force.</summary>
    public UdpEndpoint Outside => _outside;

    /// <summary>Gives the left host a new public port: RFC 9000 §9.3.3 calls it NAT rebinding.</summary>
    public void Rebind() => Rebind(_outside with { Port = (ushort)(_outside.Port + 1) });

    /// <summary>Gives the left host a new public address; what is sent to the old one is lost.</summary>
    public void Rebind(UdpEndpoint outside)
    {
        _outside = outside;
        _everUsed.Add(outside);
    }

    internal override bool Owns(UdpEndpoint address) => _everUsed.Contains(address);

    internal override void Carry(SimulatedNetwork network, SimulatedDatagram datagram, LinkDirection direction)
    {
        if (direction == LinkDirection.LeftToRight)
        {
            _inside = datagram.Source;
            datagram.Source = _outside;
        }
        else if (datagram.Destination == _outside && _inside != default)
        {
            datagram.Destination = _inside;
        }
        else
        {
            network.Drop(datagram);
            return;
        }

        network.Forward(datagram, TimeSpan.Zero);
    }
}
