using Vpr.Io;

namespace Vpr.Testing;

/// <summary>A datagram on its way through a <see cref="SimulatedNetwork"/>.</summary>
public sealed class SimulatedDatagram
{
    internal SimulatedDatagram(byte[] buffer) => Buffer = buffer;

    /// <summary>Where it comes from, as the next link sees it.</summary>
    public UdpEndpoint Source { get; set; }

    /// <summary>Where it goes, as the next link sees it.</summary>
    public UdpEndpoint Destination { get; set; }

    /// <summary>Its ECN bits.</summary>
    public EcnCodepoint Ecn { get; set; }

    /// <summary>UDP payload bytes; a link may cut it short.</summary>
    public int Length { get; set; }

    /// <summary>Its UDP payload, which a link may damage.</summary>
    public Span<byte> Payload => Buffer.AsSpan(0, Length);

    internal byte[] Buffer { get; }

    internal Cable? Cable { get; set; }

    internal LinkDirection Direction { get; set; }

    internal int NextLink { get; set; }
}
