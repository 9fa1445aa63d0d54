namespace Vpr.Wire.Tls;

/// <summary>Finished: a MAC over the whole handshake.</summary>
/// <remarks>RFC 8446 §4.4.4</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 20)]
public readonly ref partial struct Finished
{
    /// <summary>The MAC, as long as the suite's hash: 32 or 48 bytes, which the handshake compares.</summary>
    [Rest]
    public ReadOnlySpan<byte> VerifyData { get; init; }
}
