using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Connection;

/// <summary>Handshake, streams both ways and datagrams over networks of every kind of badness, each drawn from a seed.</summary>
public class SweepTests
{
    private static readonly TransportOptions Patient = new()
    {
        HandshakeTimeout = TimeSpan.FromMinutes(10),
        MaxIdleTimeout = TimeSpan.FromMinutes(10),
    };

    public static TheoryData<int> Decades => [.. Enumerable.Range(0, 25)];

    [Theory]
    [MemberData(nameof(Decades))]
    [Trait("rfc", "9002 §6")]
    public void Everything_arrives_whatever_the_network_does(int decade)
    {
        for (int i = 0; i < 40; i++) Run((ulong)(decade * 40 + i));
    }

    private static void Run(ulong seed)
    {
        SeededRandom chance = new(seed ^ 0x5eed);
        // From 1 ms to 2 s each way, evenly on a logarithmic scale.
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Pow(2000, chance.NextDouble()));
        Link[] links =
        [
            new LossLink(chance.NextDouble() * 0.2),
            new DelayLink(delay),
            chance.Chance(0.5) ? new ReorderLink(chance.NextDouble() * 0.2, chance.UpTo(delay)) : new JitterLink(chance.UpTo(delay / 4)),
            new DuplicateLink(chance.NextDouble() * 0.1, chance.UpTo(delay)),
            new CorruptLink(chance.NextDouble() * 0.1),
        ];
        using EndpointPair pair = new(seed, new PairOptions { Client = Patient, Server = Patient }, links);
        pair.Connect();
        QuicConnection? server = null;
        pair.Server.Accepted = connection => server ??= connection;
        Transfer[] transfers = [];
        pair.Network.RunUntil(() => Step(pair, ref server, ref transfers), TimeSpan.FromMinutes(9));
        if (pair.ClientEvents.Exists(ev => ev.Kind == ConnectionEventKind.Closed)) throw pair.Network.Failure("closed");
    }

    private static bool Step(EndpointPair pair, ref QuicConnection? server, ref Transfer[] transfers)
    {
        QuicConnection client = pair.ClientConnection;
        if (transfers.Length == 0)
        {
            if (!client.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream)) return false;
            transfers = [new Transfer(client, server!, stream, 12_000), new Transfer(server!, client, stream, 20_000)];
        }

        bool done = true;
        foreach (Transfer transfer in transfers) done &= transfer.Step();
        return done && EndpointPair.Has(pair.ClientEvents, ConnectionEventKind.HandshakeConfirmed);
    }
}
