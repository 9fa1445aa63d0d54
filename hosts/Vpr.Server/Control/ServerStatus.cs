using System.Text.Json.Serialization;

namespace Vpr.Server.Control;

/// <summary>What <c>vpr-server status</c> shows: a snapshot of the loops that the control socket hands out as JSON.</summary>
internal sealed record ServerStatus
{
    /// <summary>The address and port that the server listens on.</summary>
    public required string Listen { get; init; }

    /// <summary>The tunnel's interface.</summary>
    public required string Interface { get; init; }

    /// <summary>How the loops move packets.</summary>
    public required string Io { get; init; }

    /// <summary>Seconds since the loops began.</summary>
    public double UptimeSeconds { get; init; }

    /// <summary>The loops, by their index.</summary>
    public required IReadOnlyList<LoopStatus> Loops { get; init; }

    /// <summary>The open tunnels of all loops.</summary>
    public required IReadOnlyList<ClientStatus> Clients { get; init; }

    /// <summary>Gen-0 garbage collections of the process; constant while nothing but packets flows.</summary>
    public int Gen0Collections { get; init; }
}

/// <summary>One loop.</summary>
internal sealed record LoopStatus
{
    /// <summary>How many of the open tunnels are its own.</summary>
    public int Tunnels { get; init; }

    /// <summary>Packets, or super-packets of a flow, that came to its TUN queue and were given to the loop that has their tunnel.</summary>
    public ulong PacketsHandedOver { get; init; }

    /// <summary>Those that were dropped instead because that loop was too far behind.</summary>
    public ulong HandoverDrops { get; init; }
}

/// <summary>One open tunnel.</summary>
internal sealed record ClientStatus
{
    /// <summary>The client's name in the registry.</summary>
    public required string Name { get; init; }

    /// <summary>The index of the loop that has its tunnel.</summary>
    public int Loop { get; init; }

    /// <summary>The address and port that it is seen at.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Its inner addresses.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Bytes of inner packets sent to it.</summary>
    public ulong BytesSent { get; init; }

    /// <summary>Bytes of inner packets received from it.</summary>
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
}

/// <summary>Reflection-free JSON of <see cref="ServerStatus"/>.</summary>
[JsonSerializable(typeof(ServerStatus))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class ServerStatusJson : JsonSerializerContext;
