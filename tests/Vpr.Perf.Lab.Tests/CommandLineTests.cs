using System.CommandLine;
using Vpr.Perf.Lab.Commands;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Tests;

public sealed class CommandLineTests
{
    private static readonly VprBinaries s_binaries = VprBinaries.In("/nowhere");

    [Fact]
    public void Everything_has_a_default()
    {
        ParseResult parsed = BenchCommandLine.Create().Parse("lab");
        Assert.Empty(parsed.Errors);
        Assert.Equal(7, parsed.GetValue<int>("--rounds"));
        Assert.Equal(PeerCatalog.DefaultNames, parsed.GetValue<string[]>("--peers"));
    }

    [Fact]
    public void Lists_are_separated_by_commas()
    {
        ParseResult parsed = BenchCommandLine.Create().Parse("lab --rounds 3 --peers vpr,vpr+Io=epoll,veth --flows 1 --json a.json --nic-like");
        Assert.Empty(parsed.Errors);
        Assert.Equal(3, parsed.GetValue<int>("--rounds"));
        Assert.Equal(["vpr", "vpr+Io=epoll", "veth"], parsed.GetValue<string[]>("--peers")!);
        Assert.Equal("a.json", parsed.GetValue<FileInfo?>("--json")!.Name);
        Assert.True(parsed.GetValue<bool>("--nic-like"));
    }

    [Theory]
    [InlineData("lab --rounds 0")]
    [InlineData("lab --rounds many")]
    [InlineData("lab --seconds -1")]
    [InlineData("lab --peers")]
    [InlineData("lab --unknown")]
    [InlineData("compare")]
    [InlineData("compare --base . --margin 10")]
    [InlineData("udp-sink --local nonsense")]
    [InlineData("udp-rate")]
    [InlineData("handshakes --seconds 1")]
    [InlineData("handshakes --profile a.conf")]
    public void What_makes_no_sense_is_an_error(string line) => Assert.NotEmpty(BenchCommandLine.Create().Parse(line).Errors);

    [Fact]
    public void Scenarios_follow_flows_and_congestion_control_in_both_directions_and_the_footprint_is_that_of_packets()
    {
        string[] ids = [.. LabCommand.Scenarios(["handshakes", "footprint", "tcp", "udp"], [1, 8], ["cubic", "bbr"]).Select(scenario => scenario.Id)];
        Assert.Equal(
            ["tcp-up-1-cubic", "tcp-down-1-cubic", "tcp-up-8-cubic", "tcp-down-8-cubic", "tcp-up-1-bbr", "tcp-down-1-bbr", "tcp-up-8-bbr", "tcp-down-8-bbr", "udp-64", "footprint", "handshakes"], ids);
        Assert.Throws<BenchException>(() => LabCommand.Scenarios(["speed"], [1], ["cubic"]).ToArray());
    }

    [Fact]
    public void Every_peer_is_found_by_its_own_name()
    {
        Assert.All(PeerCatalog.DefaultNames.Concat(PeerCatalog.ChangedSettings), name => Assert.Equal(name, PeerCatalog.Find(name, s_binaries).Name));
        Assert.Equal(PeerCatalog.DefaultNames.Distinct().Count(), PeerCatalog.DefaultNames.Count);
    }

    [Theory]
    [InlineData("wireguard")]
    [InlineData("vpr+Io")]
    [InlineData("vpr+=epoll")]
    [InlineData("veth+Io=epoll")]
    public void An_unknown_peer_is_an_error(string name) => Assert.Throws<BenchException>(() => PeerCatalog.Find(name, s_binaries));

    [Fact]
    public void A_missing_binary_is_named() => Assert.Contains("/nowhere/vpr-server", PeerCatalog.Find("vpr", s_binaries).Missing!, StringComparison.Ordinal);

    [Theory]
    [InlineData("veth")]
    [InlineData("nic-like")]
    [InlineData("bare")]
    public void A_network_is_found_by_its_name(string name) => Assert.Equal(name, NetworkKindText.Format(Assert.Single(RunOptions.ParseNetworks([name]))));

    [Fact]
    public void A_setting_replaces_its_line_in_the_section_or_joins_it()
    {
        const string Before = "[Server]\nIo = x\n[Tunnel]\n# comment\nNat = on\n\n[Other]\nInner = on\n";
        Assert.Equal("[Server]\nIo = x\n[Tunnel]\n# comment\nNat = off\n\n[Other]\nInner = on\n", TunnelSection.Set(Before, "nat", "off").Replace("nat", "Nat", StringComparison.Ordinal));
        Assert.Equal("[Server]\nIo = x\n[Tunnel]\nInner = off\n# comment\nNat = on\n\n[Other]\nInner = on\n", TunnelSection.Set(Before, "Inner", "off"));
        Assert.Throws<BenchException>(() => TunnelSection.Set("[Server]\n", "Nat", "off"));
    }

    [Theory]
    [InlineData("vprbench123x4-client", 123)]
    [InlineData("vprbenchx4-client", null)]
    [InlineData("vprt123x4-client", null)]
    [InlineData("vprbench12a-client", null)]
    public void A_namespace_tells_whose_it_is(string name, int? owner) => Assert.Equal(owner, StaleNetworks.OwnerOf(name));
}
