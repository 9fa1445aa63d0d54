using System.Text.Json.Serialization;

namespace Vpr.Client.Control;

/// <summary>What <c>vpr-client status</c> shows: a snapshot that the loop publishes and the control socket hands out as JSON.</summary>
internal sealed record TunnelStatus
{
    /// <summary>Whether packets flow now; otherwise the client is reconnecting.</summary>
    public bool Up { get; init; }

    /// <summary>The tunnel's interface.</summary>
    public required string Interface { get; init; }

    /// <summary>The server's address and port.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The inner addresses, with prefix length.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Bytes of an inner packet at most.</summary>
    public int Mtu { get; init; }

    /// <summary>How long the last handshake took, from the first datagram to the accepted tunnel, in milliseconds.</summary>
    public double HandshakeMilliseconds { get; init; }

    /// <summary>Seconds since the last handshake.</summary>
    public double HandshakeAgeSeconds { get; init; }

    /// <summary>How often the client has reconnected since <c>up</c>.</summary>
    public int Reconnects { get; init; }

    /// <summary>Bytes of inner packets sent.</summary>
    public ulong BytesSent { get; init; }

    /// <summary>Bytes of inner packets received.</summary>
    public ulong BytesReceived { get; init; }

    /// <summary>Smoothed round-trip time in milliseconds (RFC 9002 §5.3).</summary>
    public double RttMilliseconds { get; init; }

    /// <summary>QUIC packets declared lost.</summary>
    public ulong PacketsLost { get; init; }

    /// <summary>QUIC packets sent.</summary>
    public ulong PacketsSent { get; init; }

    /// <summary>Inner packets that were to be sent and were not: refused by the checks, or taken out by the queue's control (RFC 8290).</summary>
    public ulong PacketsDropped { get; init; }

    /// <summary>Inner packets marked by the queue's control instead (RFC 3168).</summary>
    public ulong PacketsMarked { get; init; }

    /// <summary>Gen-0 garbage collections of the process; constant while packets flow.</summary>
    public int Gen0Collections { get; init; }

    /// <summary>What went wrong last, when the tunnel is not up.</summary>
    public string? LastError { get; init; }
}

/// <summary>Reflection-free JSON of <see cref="TunnelStatus"/>.</summary>
[JsonSerializable(typeof(TunnelStatus))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class TunnelStatusJson : JsonSerializerContext;
