using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Vpr.Laboratory;

/// <summary>A router that drops UDP datagrams by chance, in each direction on its own.</summary>
public sealed partial class PacketLoss
{
    private readonly LabNetwork _network;

    /// <summary>Begins to drop.</summary>
    /// <param name="network">Whose router.</param>
    /// <param name="percent">How many of a hundred datagrams are dropped each way, on average.</param>
    public PacketLoss(LabNetwork network, int percent)
    {
        _network = network;

        // A run of datagrams that a sender hands over as one would be dropped as one: each goes on its own.
        foreach (string host in new[] { "client", "server" }) network.Check(host, "ip", "link", "set", "dev", "router", "gso_max_segs", "1");
        network.Check("router", "nft", string.Create(CultureInfo.InvariantCulture, $$"""
            table inet loss {
                chain forward {
                    type filter hook forward priority 0;
                    iifname "client" meta l4proto udp counter
                    iifname "server" meta l4proto udp counter
                    iifname "client" meta l4proto udp numgen random mod 100 < {{percent}} counter drop
                    iifname "server" meta l4proto udp numgen random mod 100 < {{percent}} counter drop
                }
            }
            """));
    }

    /// <summary>How many datagrams came so far on the way to the server and to the client, and how many of each were dropped.</summary>
    public (long ToServer, long ToClient, long DroppedToServer, long DroppedToClient) Count()
    {
        long[] counters = CounterPattern().Matches(_network.Check("router", "nft", "list", "table", "inet", "loss"))
            .Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToArray();
        return (counters[0], counters[1], counters[2], counters[3]);
    }

    /// <summary>Fails a test that ran without loss after all: at least one of a hundred was dropped each way.</summary>
    public void AssertBothWays()
    {
        (long toServer, long toClient, long droppedToServer, long droppedToClient) = Count();
        Assert.True(droppedToServer * 100 >= toServer && droppedToClient * 100 >= toClient && droppedToServer > 0 && droppedToClient > 0, $"{Count()}");
    }

    [GeneratedRegex("counter packets ([0-9]+) ")]
    private static partial Regex CounterPattern();
}
