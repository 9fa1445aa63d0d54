namespace Vpr.Wire.Tls;

/// <summary>application_layer_protocol_negotiation: the protocols a client offers, or the one a server chose.</summary>
/// <remarks>RFC 7301 §3.1. That a server names exactly one is the handshake's check.</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 16)]
[MemberOf(typeof(EncryptedExtensionsExtension), 16)]
public readonly ref partial struct ApplicationLayerProtocolNegotiationExtension
{
    /// <summary>The names, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 2)]
    public WireList<ProtocolName> ProtocolNameList { get; init; }
}
