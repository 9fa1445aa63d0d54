using Vpr.Wire.Masque;

namespace Vpr.Wire.Noise;

/// <summary>Starts a handshake for fresh session keys.</summary>
/// <remarks>The tunnel's own capsule; the client sends it.</remarks>
[WireFormat]
[MemberOf(typeof(Capsule), TunnelCapsuleType.RekeyInitiate)]
public readonly ref partial struct RekeyInitiateCapsule
{
    /// <summary>The epoch that the new keys will have: one more than the last, modulo 256.</summary>
    public byte Epoch { get; init; }

    /// <summary>An <see cref="IkhfsMessage1"/>.</summary>
    [Rest]
    public ReadOnlySpan<byte> HandshakeMessage { get; init; }
}
