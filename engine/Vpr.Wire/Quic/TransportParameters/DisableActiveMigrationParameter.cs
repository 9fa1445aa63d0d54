namespace Vpr.Wire.Quic;

/// <summary>disable_active_migration: the peer must not move to another address on its own.</summary>
/// <remarks>RFC 9000 §18.2</remarks>
[WireFormat]
[MemberOf(typeof(TransportParameter), 0x0C)]
public readonly partial record struct DisableActiveMigrationParameter;
