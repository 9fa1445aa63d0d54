namespace Vpr.Wire.Noise;

/// <summary>The capsule types of the tunnel's own protocol.</summary>
/// <remarks>
/// RFC 9297 §5.4: the registry has no private range, so these were drawn at random from the four-byte numbers, and are not of the form
/// 0x29 * N + 0x17 that greases. A peer that does not know them skips them.
/// </remarks>
public static class TunnelCapsuleType
{
    /// <summary><see cref="RegisterContextCapsule"/></summary>
    public const ulong RegisterContext = 0x1E5D_C7A0;

    /// <summary><see cref="CloseContextCapsule"/></summary>
    public const ulong CloseContext = 0x1E5D_C7A1;

    /// <summary><see cref="RekeyInitiateCapsule"/></summary>
    public const ulong RekeyInitiate = 0x1E5D_C7A2;

    /// <summary><see cref="RekeyRespondCapsule"/></summary>
    public const ulong RekeyRespond = 0x1E5D_C7A3;
}
