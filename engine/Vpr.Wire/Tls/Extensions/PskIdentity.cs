namespace Vpr.Wire.Tls;

/// <summary>A pre-shared key the client offers: a ticket and its age.</summary>
/// <remarks>RFC 8446 §4.2.11</remarks>
[WireFormat]
public readonly ref partial struct PskIdentity
{
    /// <summary>The ticket, at least one byte.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public ReadOnlySpan<byte> Identity { get; init; }

    /// <summary>The ticket's age in milliseconds plus its ticket_age_add, modulo 2^32.</summary>
    public uint ObfuscatedTicketAge { get; init; }
}
