namespace Vpr.Wire.Tls;

/// <summary>psk_key_exchange_modes: how the client is ready to use pre-shared keys.</summary>
/// <remarks>RFC 8446 §4.2.9</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 45)]
public readonly ref partial struct PskKeyExchangeModesExtension
{
    /// <summary>The modes.</summary>
    [LengthPrefix(Prefix.UInt8, Min = 1)]
    public WireScalarList<PskKeyExchangeMode> KeModes { get; init; }
}
