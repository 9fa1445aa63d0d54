using System.Net;
using System.Text.Json;

namespace Vpr.Interop.Linux.Tests;

public sealed class NatTableTests
{
    private static readonly NatTableOptions Options = new()
    {
        TunnelInterface = "vprtun",
        Pools = [IPNetwork.Parse("10.9.0.0/20"), IPNetwork.Parse("fd00:9::/64")],
    };

    // Tables that belong to a socket and stay when it closes.
    private static readonly bool s_hasOwners = Environment.OSVersion.Version >= new Version(6, 9);

    [NetworkFact("nft")]
    public void Nft_reads_the_table_as_it_was_meant() => NetworkNamespace.Run(() =>
    {
        using NatTable table = NatTable.Create(Options);
        string text = Tool.Run("nft", "list table inet vpr");
        string[] expected =
        [
            .. s_hasOwners ? (string[])["flags owner"] : [],
            "type nat hook postrouting priority srcnat; policy accept;",
            "ip saddr 10.9.0.0/20 oifname != \"vprtun\" masquerade",
            "ip6 saddr fd00:9::/64 oifname != \"vprtun\" masquerade",
            "type filter hook forward priority filter; policy accept;",
            "oifname \"vprtun\" tcp flags syn / syn,rst tcp option maxseg size set rt mtu",
            "iifname \"vprtun\" ip saddr 10.9.0.0/20 accept",
            "iifname \"vprtun\" ip6 saddr fd00:9::/64 accept",
            "iifname \"vprtun\" drop",
        ];
        string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("chain", StringComparison.Ordinal) && line != "}" && !line.StartsWith("table", StringComparison.Ordinal))];
        Assert.Equal(expected, lines);
    });

    [NetworkFact("nft")]
    public void The_table_goes_with_its_object() => NetworkNamespace.Run(() =>
    {
        using (NatTable table = NatTable.Create(Options))
        {
            Assert.Equal(["vpr"], Tables());
            if (!s_hasOwners) return;
            // While it lives nobody else takes it over.
            LinuxException refused = Assert.Throws<LinuxException>(() => NatTable.Create(Options));
            Assert.Equal(LinuxErrorCode.EPERM, refused.Code);
            Assert.Contains("process", refused.Hint, StringComparison.Ordinal);
            Assert.Throws<LinuxException>(() => NatTable.Delete());
        }

        Assert.Empty(Tables());
        Assert.False(NatTable.Delete());
    });

    [NetworkFact("nft")]
    public void What_somebody_else_left_under_the_name_is_replaced_in_one_step() => NetworkNamespace.Run(() =>
    {
        Tool.Run("nft", "add table inet vpr");
        Tool.Run("nft", "add chain inet vpr leftover");
        using (NatTable table = NatTable.Create(Options)) Assert.Equal(["forward", "postrouting"], Chains());
        Assert.Empty(Tables());
        Tool.Run("nft", "add table inet vpr");
        Assert.True(NatTable.Delete());
        Assert.Empty(Tables());
    });

    [NetworkFact("nft")]
    public void A_table_that_cannot_be_made_leaves_nothing_behind() => NetworkNamespace.Run(() =>
    {
        Assert.Throws<ArgumentException>(() => NatTable.Create(Options with { TunnelInterface = "longer-than-15-bytes" }));
        Assert.Throws<LinuxException>(() => NatTable.Create(Options with { Name = new string('n', 300) }));
        Assert.Empty(Tables());
    });

    [NetworkFact("nft", "ping")]
    public void Packets_of_the_pool_leave_with_the_hosts_address_and_others_do_not_leave() => NetworkNamespace.Run(() =>
    {
        using ScratchNamespace client = new("c"), target = new("t");
        Connect(client, target);
        // An address that is not of a pool, which the target could answer.
        Tool.Run("ip", $"-n {client.Name} addr add 10.99.0.2/32 dev lo");
        Tool.Run("ip", $"-n {client.Name} link set lo up");
        Tool.Run("ip", $"-n {target.Name} route add 10.99.0.0/16 via 192.0.2.1");
        Tool.Run("ip", "route add 10.99.0.2/32 via 10.9.0.2");

        using (SysctlForwarding forwarding = SysctlForwarding.Enable(ipv4: true, ipv6: true))
        {
            Assert.True(CanPing(client, "-I 10.99.0.2 192.0.2.2", seconds: 10));
            Assert.False(CanPing(client, "192.0.2.2", seconds: 1));
            using (NatTable table = NatTable.Create(Options))
            {
                Assert.True(CanPing(client, "192.0.2.2", seconds: 10));
                Assert.True(CanPing(client, "2001:db8::2", seconds: 10));
                Assert.False(CanPing(client, "-I 10.99.0.2 192.0.2.2", seconds: 1));
            }

            Assert.True(CanPing(client, "-I 10.99.0.2 192.0.2.2", seconds: 10));
        }

        Assert.False(CanPing(client, "-I 10.99.0.2 192.0.2.2", seconds: 1));
    });

    [NetworkFact("nft")]
    public void What_a_killed_process_left_stays_until_the_next_replaces_it() => NetworkNamespace.Run(() =>
    {
        using (NetlinkSocket socket = new(NetlinkSocket.NetfilterProtocol))
        {
            NfTablesBatch batch = new(new byte[1024], NfTablesFamily.Inet, "vpr", socket.NextSequence);
            batch.AddTable(s_hasOwners);
            batch.AddChain("leftover", "filter", NfTablesHook.Forward, 0);
            ReadOnlySpan<byte> bytes = batch.Finish();
            Assert.Equal(default, socket.Batch(bytes, batch.Verdicts));
        }

        Assert.Equal(["leftover"], Chains());
        using (NatTable table = NatTable.Create(Options)) Assert.Equal(["forward", "postrouting"], Chains());
        Assert.Empty(Tables());
    });

    /// <summary>client (fd00:9::2) — vprtun, this host, wan — target (192.0.2.2): veth pairs, of which the client's plays the tunnel. The target knows no way back to the pools.</summary>
    private static void Connect(ScratchNamespace client, ScratchNamespace target)
    {
        Tool.Run("ip", $"link add vprtun type veth peer name eth0 netns {client.Name}");
        Tool.Run("ip", $"link add wan type veth peer name eth0 netns {target.Name}");
        foreach (string command in (string[])
        [
            "addr add 10.9.0.1/20 dev vprtun", "-6 addr add fd00:9::1/64 dev vprtun nodad", "link set vprtun up",
            "addr add 192.0.2.1/24 dev wan", "-6 addr add 2001:db8::1/64 dev wan nodad", "link set wan up",
            $"-n {client.Name} addr add 10.9.0.2/20 dev eth0", $"-n {client.Name} -6 addr add fd00:9::2/64 dev eth0 nodad",
            $"-n {client.Name} link set eth0 up", $"-n {client.Name} route add default via 10.9.0.1", $"-n {client.Name} -6 route add default via fd00:9::1",
            $"-n {target.Name} addr add 192.0.2.2/24 dev eth0", $"-n {target.Name} -6 addr add 2001:db8::2/64 dev eth0 nodad", $"-n {target.Name} link set eth0 up",
        ]) Tool.Run("ip", command);
    }

    // It ends with the first answer; the first requests over fresh links may be lost to neighbour discovery.
    private static bool CanPing(ScratchNamespace from, string target, int seconds) =>
        Tool.TryRun("ip", $"netns exec {from.Name} ping -n -q -c 1 -i 0.1 -w {seconds} {target}").ExitCode == 0;

    private static IEnumerable<string?> Tables() => Names("table", "list tables");

    private static IEnumerable<string?> Chains() => Names("chain", "list chains inet");

    private static IEnumerable<string?> Names(string kind, string command) => Tool.Json("nft", $"-j {command}").GetProperty("nftables")
        .EnumerateArray()
        .Where(entry => entry.TryGetProperty(kind, out JsonElement _))
        .Select(entry => entry.GetProperty(kind).GetProperty("name").GetString())
        .Order();
}
