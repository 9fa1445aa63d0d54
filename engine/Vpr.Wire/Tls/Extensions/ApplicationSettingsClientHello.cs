namespace Vpr.Wire.Tls;

/// <summary>application_settings in a ClientHello: the protocols whose settings may be exchanged within the handshake.</summary>
/// <remarks>draft-vvv-tls-alps §4, at the code point that Chrome uses since 2024.</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 0x44CD)]
public readonly ref partial struct ApplicationSettingsClientHello
{
    /// <summary>The names, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2)]
    public WireList<ProtocolName> SupportedProtocols { get; init; }
}
