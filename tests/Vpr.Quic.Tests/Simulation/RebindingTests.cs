using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Simulation;

/// <summary>A NAT that forgets its mapping while only the server has something to send: the client's next packet repairs the way.</summary>
[Trait("rfc", "9000 §9.3")]
public class RebindingTests
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.15)]
    public void A_transfer_goes_on_soon_after_the_client_is_heard_from_its_new_port(double loss)
    {
        List<string> slow = [];
        for (ulong seed = 1; seed <= 20; seed++)
        {
            TimeSpan took = Run(seed, loss);
            // Up to a keep-alive until the client speaks, perhaps another when that is lost, then a few probe timeouts.
            if (took > KeepAlive * (loss == 0 ? 1.5 : 4)) slow.Add($"seed {seed}: {took}");
        }

        Assert.True(slow.Count == 0, string.Join('\n', slow));
    }

    private static TimeSpan Run(ulong seed, double loss)
    {
        RebindingNat nat = new(UdpEndpoint.FromIpv4(0xCB007101, 40_000));
        TransportOptions options = new() { KeepAliveInterval = KeepAlive };
        using EndpointPair pair = new(seed, new PairOptions { Client = options, Server = options with { KeepAliveInterval = default } }, nat, new DelayLink(TimeSpan.FromMilliseconds(20)), new LossLink(loss));
        byte[] into = new byte[64 << 10];
        long received = 0;
        bool complete = false;
        pair.Client.Happened = (connection, ev) =>
        {
            if (ev.Kind == ConnectionEventKind.HandshakeCompleted && connection.TryOpenStream(StreamDirection.Bidirectional, out StreamId stream))
                connection.Write(stream, "go"u8, fin: true);
            if (ev.Kind != ConnectionEventKind.StreamReadable) return;
            int count;
            bool fin;
            while ((count = connection.Read(ev.Stream, into, out fin)) > 0) received += count;
            complete |= fin;
        };
        pair.Server.Happened = (connection, ev) =>
        {
            if (ev.Kind == ConnectionEventKind.StreamReadable && connection.Read(ev.Stream, into, out bool fin) == 2 && fin)
                connection.Write(ev.Stream, new byte[400_000], fin: true);
        };
        pair.Connect();
        pair.Network.RunUntil(() => received > 100_000, TimeSpan.FromMinutes(1));
        nat.Rebind();
        // What is still on its way through the NAT is acknowledged no more: the client waits, the server fills its window in vain.
        long before = received;
        TimeSpan rebound = pair.Network.Elapsed;
        pair.Network.RunUntil(() => received > before + 20_000 || complete, TimeSpan.FromMinutes(2));
        TimeSpan took = pair.Network.Elapsed - rebound;
        pair.Network.RunUntil(() => complete, TimeSpan.FromMinutes(5));
        Assert.Equal(400_000, received);
        return took;
    }
}
