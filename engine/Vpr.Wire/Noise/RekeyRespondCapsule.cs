using Vpr.Wire.Masque;

namespace Vpr.Wire.Noise;

/// <summary>Ends a handshake for fresh session keys: its sender has them and takes datagrams of the new epoch.</summary>
/// <remarks>The tunnel's own capsule; the server sends it.</remarks>
[WireFormat]
[MemberOf(typeof(Capsule), TunnelCapsuleType.RekeyRespond)]
public readonly ref partial struct RekeyRespondCapsule
{
    /// <summary>The new keys' epoch.</summary>
    public byte Epoch { get; init; }

    /// <summary>An <see cref="IkhfsMessage2"/>.</summary>
    [Rest]
    public ReadOnlySpan<byte> HandshakeMessage { get; init; }
}
