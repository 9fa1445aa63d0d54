using System.Globalization;
using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Simulation;

/// <summary>Whole connections over networks that lose, delay, reorder, repeat and damage, each drawn from its seed.</summary>
public class LossSweepTests
{
    private const int SeedsInACase = 500;

    private static readonly TransportOptions Patient = new()
    {
        // Two seconds each way and one datagram in five lost: a handshake may need many tries.
        HandshakeTimeout = TimeSpan.FromMinutes(10),
        MaxIdleTimeout = TimeSpan.FromMinutes(10),
        // Behind a NAT that forgets its mapping only the client can repair the way.
        KeepAliveInterval = TimeSpan.FromSeconds(15),
        InitialMaxData = 30_000,
        InitialMaxStreamData = 10_000,
        MaxBidirectionalStreams = 3,
        MaxStreamSendBuffer = 12_000,
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Streams_come_back_whole_whatever_the_network_does(int part)
    {
        List<string> failures = [];
        for (int seed = part * SeedsInACase; seed < (part + 1) * SeedsInACase && failures.Count < 10; seed++)
        {
            if (Run((ulong)seed) is { } failure) failures.Add(failure);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>One run; null when all went well, otherwise what did not, with the seed. Whoever hunts a failure gets a <paramref name="look"/> at the pair before it starts.</summary>
    internal static string? Run(ulong seed, Action<EndpointPair>? look = null)
    {
        SeededRandom random = new(seed ^ 0x5EED_0000_0000_0000);
        double loss = random.Next(0, 20) / 100.0;
        // One millisecond to two seconds, as many of one magnitude as of another.
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Pow(2_000, random.NextDouble()));
        List<Link> links = [new DelayLink(delay), new LossLink(loss)];
        if (random.Chance(0.5)) links.Add(new JitterLink(delay * random.NextDouble()));
        if (random.Chance(0.5)) links.Add(new ReorderLink(0.1, delay * random.NextDouble()));
        if (random.Chance(0.5)) links.Add(new DuplicateLink(0.1, delay));
        if (random.Chance(0.5)) links.Add(new CorruptLink(random.NextDouble() * 0.1));
        if (random.Chance(0.3)) links.Add(new BottleneckLink(random.Next(100, 10_000) * 1_000.0, random.Next(10_000, 60_000), 8_000));
        if (random.Chance(0.2)) links.Add(new BleachLink());
        if (random.Chance(0.2)) links.Add(new OutageLink(delay * (random.NextDouble() * 20), delay * 10));
        RebindingNat? nat = random.Chance(0.3) ? new RebindingNat(UdpEndpoint.FromIpv4(0xCB007101, 40_000)) : null;
        if (nat is not null) links.Insert(0, nat);
        if (random.Chance(0.2)) links.Add(new MtuLink(random.Next(1_200, 1_472)));
        string network = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {delay.TotalMilliseconds:F1} ms, {loss:P0} loss, {string.Join(' ', links.Select(link => link.GetType().Name))}");

        // One run in two has probes answered at once, in both directions: draft-ietf-quic-ack-frequency §5.
        TransportOptions both = Patient with { AckFrequency = seed % 2 == 0 ? AckFrequencyOffer.Always : AckFrequencyOffer.AsServer };
        PairOptions options = new() { Client = both, Server = both };
        // A Retry token is good for some seconds only, and there is no second one: RFC 9000 §8.1.2, §8.1.3.
        if (random.Chance(0.2) && delay < TimeSpan.FromMilliseconds(100)) options = options with { ServerEndpoint = options.ServerEndpoint with { RetryThreshold = 0 } };
        using EndpointPair pair = new(seed, options, [.. links]);
        EchoExchange exchange = new(pair, streams: random.Next(1, 8), maxBytes: random.Next(1, 20_000));
        Disturbance disturbance = new(pair, exchange, random, nat);
        look?.Invoke(pair);
        try
        {
            pair.Connect();
            pair.Network.RunUntil(
                () =>
                {
                    disturbance.Act();
                    return exchange.IsDone;
                },
                TimeSpan.FromMinutes(9));
            if (exchange.Fault is { } fault) return $"{network}: {fault}";
            pair.ClientConnection.Close(0, default);
            pair.Network.RunUntil(() => exchange.IsClosed, TimeSpan.FromMinutes(30));
            return exchange.Fault is { } late ? $"{network}: {late}" : null;
        }
        catch (SimulationException failure)
        {
            return $"{network}: {failure.Message}; {exchange}";
        }
    }

    /// <summary>Now and then, once the handshake is confirmed, the NAT forgets its mapping or an end renews its keys.</summary>
    private sealed class Disturbance(EndpointPair pair, EchoExchange exchange, SeededRandom random, RebindingNat? nat)
    {
        private int _rebindings = random.Next(0, 3);
        private TimeSpan _next = pair.Network.Elapsed;

        public void Act()
        {
            // RFC 9000 §9: before that a change of address ends in silence.
            if (!exchange.IsConfirmed || pair.Network.Elapsed < _next) return;
            _next = pair.Network.Elapsed + random.UpTo(TimeSpan.FromSeconds(5));
            if (random.Chance(0.5)) pair.ClientConnection.InitiateKeyUpdate();
            else if (_rebindings-- > 0) nat?.Rebind();
        }
    }
}
