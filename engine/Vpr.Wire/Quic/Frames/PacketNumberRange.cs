namespace Vpr.Wire.Quic;

/// <summary>A run of packet numbers, both ends included.</summary>
/// <param name="Smallest">The lowest packet number.</param>
/// <param name="Largest">The highest packet number.</param>
public readonly record struct PacketNumberRange(ulong Smallest, ulong Largest)
{
    /// <summary>How many packets the run has.</summary>
    public ulong Count => Largest - Smallest + 1;
}
