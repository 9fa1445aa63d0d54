namespace Vpr.Wire.Noise;

/// <summary>What the payloads of a datagram context are.</summary>
/// <remarks>The tunnel's own numbers, within <see cref="RegisterContextCapsule"/>.</remarks>
public enum ContextFormat : ulong
{
    /// <summary>Each payload is a <see cref="NoiseTransportDatagram"/>.</summary>
    NoiseTransport = 1,
}
