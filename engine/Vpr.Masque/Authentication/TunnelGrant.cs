namespace Vpr.Masque;

/// <summary>What an authenticated client is given.</summary>
public sealed record TunnelGrant
{
    /// <summary>Who it is.</summary>
    public required PeerKey Client { get; init; }

    /// <summary>The message that goes into the response, at most <see cref="NoiseScheme.MaxMessageLength"/> bytes.</summary>
    public required ReadOnlyMemory<byte> Response { get; init; }

    /// <summary>Takes what the client sends.</summary>
    public required IConnectIpHandler Handler { get; init; }

    /// <summary>Where its addresses come from; null when it gets none.</summary>
    public IAddressSource? Addresses { get; init; }

    /// <summary>What is routed for it, before the scope of its request narrows it.</summary>
    public RouteTable Routes { get; init; } = RouteTable.Everything;

    /// <summary>Whether it may send plain packets; no, when it has to use the end-to-end layer.</summary>
    public bool TakesPlainPackets { get; init; }
}
