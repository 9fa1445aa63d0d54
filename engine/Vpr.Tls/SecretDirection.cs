namespace Vpr.Tls;

/// <summary>Which way the packets go that a <see cref="TrafficSecret"/> protects, seen from this end.</summary>
public enum SecretDirection : byte
{
    /// <summary>Packets of the peer.</summary>
    Read,

    /// <summary>Packets of this end.</summary>
    Write,
}
