namespace Vpr.Wire.Tls;

/// <summary>pre_shared_key in a ClientHello: the keys the client offers; it comes last of all extensions.</summary>
/// <remarks>RFC 8446 §4.2.11. That there are as many binders as identities is the handshake's check.</remarks>
[WireFormat]
[MemberOf(typeof(ClientHelloExtension), 41)]
public readonly ref partial struct PreSharedKeyClientHello
{
    /// <summary>The keys, most wanted first.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 7)]
    public WireList<PskIdentity> Identities { get; init; }

    /// <summary>A proof for each identity, in the same order.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 33)]
    public WireList<PskBinderEntry> Binders { get; init; }
}
