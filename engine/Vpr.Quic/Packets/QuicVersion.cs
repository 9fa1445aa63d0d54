namespace Vpr.Quic;

/// <summary>The versions of QUIC.</summary>
/// <remarks>RFC 9000 §15</remarks>
internal static class QuicVersion
{
    /// <summary>The version in a Version Negotiation packet.</summary>
    public const uint Negotiation = 0;

    /// <summary>RFC 9000, the only one spoken here.</summary>
    public const uint Version1 = 1;

    /// <summary>A version that no one speaks, by which peers are kept used to unknown ones.</summary>
    /// <param name="seed">Any bits; they make one of the 2^16 such versions.</param>
    /// <remarks>RFC 9000 §15: the pattern 0x?a?a?a?a.</remarks>
    public static uint Reserved(uint seed) => (seed & 0xf0f0f0f0) | 0x0a0a0a0a;
}
