namespace Vpr.Wire.Noise;

/// <summary>The encrypted payload of both handshake messages: what the tunnel's ends agree on.</summary>
/// <remarks>docs/architecture.md, "Authentication is concealed". Both sides send it; the server's answer decides.</remarks>
/// <param name="Version">The layout's version, 1.</param>
/// <param name="Features">What is asked for, and in the answer what is granted.</param>
/// <param name="Epoch">The epoch of the keys that this handshake yields.</param>
/// <param name="UnixTime">The sender's clock in seconds since 1970, so that a clock that is far off can be told.</param>
[WireFormat]
public readonly partial record struct SessionParameters(
    [property: Constant(1)] byte Version, SessionFeatures Features, byte Epoch, ulong UnixTime);
