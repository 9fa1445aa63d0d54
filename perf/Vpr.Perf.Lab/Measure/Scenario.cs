namespace Vpr.Perf.Lab.Measure;

/// <summary>Which way the load goes.</summary>
internal enum Direction
{
    /// <summary>The client sends.</summary>
    Up,

    /// <summary>The server sends.</summary>
    Down,
}

/// <summary>What is measured of a tunnel, one thing at a time.</summary>
internal abstract record Scenario
{
    /// <summary>Its name in JSON.</summary>
    public abstract string Id { get; }

    /// <summary>Its name in a report.</summary>
    public abstract string Title { get; }
}

/// <summary>TCP as fast as it goes.</summary>
/// <param name="Direction">Which end sends.</param>
/// <param name="Flows">How many connections at once.</param>
/// <param name="CongestionControl">The kernel's name of it.</param>
internal sealed record TcpScenario(Direction Direction, int Flows, string CongestionControl) : Scenario
{
    /// <inheritdoc/>
    public override string Id => $"tcp-{Text}-{Flows}-{CongestionControl}";

    /// <inheritdoc/>
    public override string Title => $"TCP {Text}, {Flows} {(Flows == 1 ? "flow" : "flows")}, {CongestionControl}";

    private string Text => Direction == Direction.Up ? "up" : "down";
}

/// <summary>The highest rate of small UDP packets that arrive.</summary>
internal sealed record SmallPacketScenario : Scenario
{
    /// <summary>Bytes of each packet's UDP payload.</summary>
    public const int PayloadSize = 64;

    /// <inheritdoc/>
    public override string Id => "udp-64";

    /// <inheritdoc/>
    public override string Title => "64-byte UDP without loss";
}

/// <summary>Round trips while nothing else happens.</summary>
internal sealed record IdleLatencyScenario : Scenario
{
    /// <inheritdoc/>
    public override string Id => "latency-idle";

    /// <inheritdoc/>
    public override string Title => "Ping, idle";
}

/// <summary>System calls of both ends while one TCP flow goes up: a run of its own, because counting costs.</summary>
internal sealed record SystemCallScenario : Scenario
{
    /// <summary>The load they are counted under.</summary>
    public static readonly TcpScenario Load = new(Direction.Up, 1, "cubic");

    /// <inheritdoc/>
    public override string Id => "system-calls";

    /// <inheritdoc/>
    public override string Title => $"System calls, {Load.Title}";
}

/// <summary>Round trips beside bulk transfers.</summary>
/// <param name="Direction">Which end sends the bulk.</param>
/// <param name="Flows">How many connections it is.</param>
internal sealed record LoadedLatencyScenario(Direction Direction, int Flows) : Scenario
{
    /// <summary>The congestion control of the bulk.</summary>
    public const string CongestionControl = "cubic";

    /// <inheritdoc/>
    public override string Id => $"latency-{Text}-{Flows}";

    /// <inheritdoc/>
    public override string Title => $"Ping beside {Flows} TCP flows {Text}";

    private string Text => Direction == Direction.Up ? "up" : "down";
}

/// <summary>Tunnels opened and closed one after the other.</summary>
internal sealed record HandshakeScenario : Scenario
{
    /// <inheritdoc/>
    public override string Id => "handshakes";

    /// <inheritdoc/>
    public override string Title => "Handshakes to an open tunnel";
}

/// <summary>What both ends take: memory before and after load, time to start, size on disk.</summary>
internal sealed record FootprintScenario : Scenario
{
    /// <inheritdoc/>
    public override string Id => "footprint";

    /// <inheritdoc/>
    public override string Title => "Footprint";
}
