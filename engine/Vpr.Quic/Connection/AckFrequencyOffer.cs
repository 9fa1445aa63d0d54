namespace Vpr.Quic;

/// <summary>Which end lets its peer say how often it wants to be acknowledged, by the transport parameter min_ack_delay.</summary>
/// <remarks>draft-ietf-quic-ack-frequency §3. To a peer that lets us we say it, whatever we offer ourselves.</remarks>
public enum AckFrequencyOffer
{
    /// <summary>Neither: the frames of the extension are unknown here.</summary>
    Never,

    /// <summary>A server, whose transport parameters nobody else can read. A client's stand readable in its first packet, and no browser's hold this one.</summary>
    AsServer,

    /// <summary>Either.</summary>
    Always,
}
