namespace Vpr.Wire.Tls;

/// <summary>Proof that the client holds one of the keys it offers.</summary>
/// <remarks>RFC 8446 §4.2.11</remarks>
[WireFormat]
public readonly ref partial struct PskBinderEntry
{
    /// <summary>A MAC over the ClientHello up to the binders, 32 to 255 bytes.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 32)]
    public ReadOnlySpan<byte> Binder { get; init; }
}
