namespace Vpr.Wire.Tls;

/// <summary>NewSessionTicket: a pre-shared key for a later connection.</summary>
/// <remarks>RFC 8446 §4.6.1</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 4)]
public readonly ref partial struct NewSessionTicket
{
    /// <summary>How long the ticket may be used, in seconds; more than 604800 (7 days) is not allowed.</summary>
    [Between(0, 604800)]
    public uint TicketLifetime { get; init; }

    /// <summary>Added to the ticket's age, in milliseconds, before a client tells it.</summary>
    public uint TicketAgeAdd { get; init; }

    /// <summary>Makes the key of each ticket its own, 0 to 255 bytes.</summary>
    [LengthPrefix(Prefix.UInt8)]
    public ReadOnlySpan<byte> TicketNonce { get; init; }

    /// <summary>The ticket, opaque to the client, at least one byte.</summary>
    [LengthPrefix(Prefix.UInt16, Min = 1)]
    public ReadOnlySpan<byte> Ticket { get; init; }

    /// <summary>The extensions, a sequence of <see cref="NewSessionTicketExtension"/>.</summary>
    [LengthPrefix(Prefix.UInt16, Max = 65534)]
    public ReadOnlySpan<byte> Extensions { get; init; }
}
