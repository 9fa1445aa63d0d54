using Vpr.Quic;
using Vpr.Tls;
using Vpr.Wire.Tls;

namespace Vpr.Testing;

/// <summary>How the two ends of an <see cref="EndpointPair"/> are set up.</summary>
public sealed record PairOptions
{
    /// <summary>The client's limits and timers.</summary>
    public TransportOptions Client { get; init; } = new();

    /// <summary>The server's limits and timers.</summary>
    public TransportOptions Server { get; init; } = new();

    /// <summary>The server's endpoint; randomness and server options are put in.</summary>
    public EndpointOptions ServerEndpoint { get; init; } = new() { Random = new SeededRandom(0) };

    /// <summary>The protocols that the client offers; the server knows "test".</summary>
    public IReadOnlyList<string> ClientProtocols { get; init; } = ["test"];

    /// <summary>The ClientHello; small and cheap by default, so that thousands of runs fit a test.</summary>
    public ClientHelloShape Shape { get; init; } = ClientHelloShape.Plain with { Groups = [NamedGroup.X25519], KeyShares = [NamedGroup.X25519] };
}
