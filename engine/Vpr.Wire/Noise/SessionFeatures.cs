namespace Vpr.Wire.Noise;

/// <summary>Properties of a session, as bits.</summary>
[Flags]
public enum SessionFeatures : byte
{
    /// <summary>Inner packets travel in context 0, protected by QUIC alone.</summary>
    None = 0,

    /// <summary>Inner packets are sealed once more, end to end.</summary>
    SealedPackets = 1,
}
