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
        network.Check("router", "nft", string.Create(CultureInfo.InvariantCulture, $$"""
            table inet loss {
                chain forward {
                    type filter hook forward priority 0;
                    iifname "client" meta l4proto udp numgen random mod 100 < {{percent}} counter drop
                    iifname "server" meta l4proto udp numgen random mod 100 < {{percent}} counter drop
                }
            }
            """));
    }

    /// <summary>How many datagrams were dropped so far on the way to the server, and on the way to the client.</summary>
    public (long ToServer, long ToClient) Dropped()
    {
        long[] counters = CounterPattern().Matches(_network.Check("router", "nft", "list", "table", "inet", "loss"))
            .Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToArray();
        return (counters[0], counters[1]);
    }

    /// <summary>Fails a test that ran without loss after all.</summary>
    public void AssertBothWays()
    {
        (long toServer, long toClient) = Dropped();
        Assert.True(toServer > 0 && toClient > 0, $"dropped: {toServer} to the server, {toClient} to the client");
    }

    [GeneratedRegex("counter packets ([0-9]+) ")]
    private static partial Regex CounterPattern();
}
