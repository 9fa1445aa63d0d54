using System.Security.Cryptography;
using System.Text.Json;
using Vpr.Laboratory;

namespace Vpr.EndToEnd.Tests;

/// <summary>A server of several loops: each client is one loop's, and nobody can tell.</summary>
public sealed class SeveralLoopsTests
{
    // A client's loop is drawn by chance: that many draws all fall alike once in a million runs.
    private const int Draws = 20;

    private const string DatagramSink = """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 7001)); s.settimeout(15)
        print('listening', flush=True)
        for n in range(20): assert s.recv(100) == b'%d' % n, n
        """;

    private const string DatagramSource = """
        import socket, sys, time
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for n in range(20): s.sendto(b'%d' % n, (sys.argv[1], 7001)); time.sleep(0.02)
        """;

    private static readonly TimeSpan s_noticed = TimeSpan.FromSeconds(5);

    [RootTheory]
    [InlineData(2, 7)]
    [InlineData(4, 8)]
    public void Clients_of_all_loops_reach_the_target_and_each_other(int loops, int count)
    {
        using var lab = new TunnelLab();
        lab.SetLoops(loops);
        using LabProcess target = lab.Network.Start("target", "python3", "-uc", LoopSwitchTests.Target);
        using LabProcess iperf = lab.Network.Start("target", "iperf3", "--server", "--forceflush");
        target.WaitForOutput("listening", TunnelLab.StartLimit);
        iperf.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess server = lab.StartServer();
        Assert.Contains($"{loops} loops", server.Output);
        TunnelClient[] clients = [.. Enumerable.Range(1, count).Select(lab.AddClient)];
        LabProcess[] running = [.. clients.Select(client => client.Start())];
        for (int draw = 0; LoopsInUse(lab) < 2 && draw < Draws; draw++) Restart(clients[0], ref running[0]);

        Parallel.ForEach(clients, client =>
        {
            foreach (string host in new[] { LabNetwork.TargetAddress4, LabNetwork.TargetAddress6 })
                client.Check("ping", "-q", "-c", "3", "-i", "0.1", host);
            AssertDownload(lab, client, LabNetwork.TargetAddress4);
        });
        clients[0].Check("iperf3", "-c", LabNetwork.TargetAddress4, "-P", "4", "-t", "1");
        clients[0].Check("iperf3", "-c", LabNetwork.TargetAddress4, "-P", "4", "-t", "1", "--reverse");

        JsonElement status = lab.ServerStatus();
        JsonElement[] tunnels = [.. status.GetProperty("clients").EnumerateArray()];
        Assert.Equal(clients.Select(client => client.Name).Order(), tunnels.Select(tunnel => tunnel.GetProperty("name").GetString()!).Order());
        Assert.Equal(loops, status.GetProperty("loops").GetArrayLength());
        Assert.True(LoopsInUse(lab) >= 2, status.ToString());
        foreach ((JsonElement loop, int index) in status.GetProperty("loops").EnumerateArray().Select((loop, index) => (loop, index)))
            Assert.Equal(tunnels.Count(tunnel => tunnel.GetProperty("loop").GetInt32() == index), loop.GetProperty("tunnels").GetInt32());
        Assert.Contains("packets handed over", lab.ServerCommand("status"));

        JsonElement one = tunnels[0], other = tunnels.First(tunnel => tunnel.GetProperty("loop").GetInt32() != one.GetProperty("loop").GetInt32());
        TunnelClient from = Named(clients, one), to = Named(clients, other);
        foreach (string address in Addresses(other)) from.Check("ping", "-q", "-c", "5", "-i", "0.05", address);

        // The kernel gives a flow's packets to the queue that last wrote one of them: what is never answered comes to the sender's loop, but perhaps for the first.
        ulong before = HandedOver(lab.ServerStatus());
        using LabProcess receiver = lab.Network.Start(to.Host, "python3", "-uc", DatagramSink);
        receiver.WaitForOutput("listening", TunnelLab.StartLimit);
        from.Check("python3", "-c", DatagramSource, Addresses(other)[0]);
        Assert.Equal(0, receiver.WaitForExit(TunnelLab.StartLimit));
        ulong datagrams = HandedOver(lab.ServerStatus()) - before;
        Assert.True(datagrams >= 19, $"{datagrams} of 20 datagrams were handed over");

        // Of a transfer it is what goes the same way several times in a row.
        using LabProcess web = lab.Network.Start(to.Host, "python3", "-uc", LoopSwitchTests.Target);
        web.WaitForOutput("listening", TunnelLab.StartLimit);
        AssertDownload(lab, from, Addresses(other)[0]);
        Assert.True(HandedOver(lab.ServerStatus()) > before + datagrams, "no packet of the transfer was handed over");

        // A flow that the target begins comes to whichever queue the kernel likes.
        foreach ((string network, string gateway) in new[] { ("10.86.0.0/24", "192.0.2.1"), (Addresses(one)[1] + "/64", "2001:db8:3::1") })
            lab.Network.Check("target", "ip", "route", "replace", Masked(network), "via", gateway);
        Parallel.ForEach(tunnels, tunnel =>
        {
            foreach (string address in Addresses(tunnel)) lab.Network.Check("target", "ping", "-q", "-c", "2", "-i", "0.1", address);
        });
    }

    [RootFact]
    public void A_client_that_comes_back_on_another_loop_keeps_its_addresses_and_has_one_tunnel()
    {
        using var lab = new TunnelLab();
        lab.SetLoops(2);
        using LabProcess server = lab.StartServer();
        TunnelClient client = lab.AddClient(1);
        LabProcess running = client.Start();
        JsonElement tunnel = Assert.Single(lab.ServerStatus().GetProperty("clients").EnumerateArray());
        HashSet<(int, int)> moves = [];
        for (int draw = 0; moves.Count < 2 && draw < 2 * Draws; draw++)
        {
            int former = tunnel.GetProperty("loop").GetInt32();
            string[] addresses = Addresses(tunnel);
            Restart(client, ref running);
            tunnel = Assert.Single(lab.ServerStatus().GetProperty("clients").EnumerateArray());
            Assert.Equal(addresses, Addresses(tunnel));
            client.Check("ping", "-q", "-c", "2", "-i", "0.05", LabNetwork.TargetAddress4);
            client.Check("ping", "-q", "-c", "2", "-i", "0.05", LabNetwork.TargetAddress6);
            if (tunnel.GetProperty("loop").GetInt32() != former) moves.Add((former, tunnel.GetProperty("loop").GetInt32()));
        }

        Assert.Equal(2, moves.Count);
    }

    [RootFact]
    public void A_removed_key_ends_its_tunnel_on_any_loop_and_its_addresses_are_the_next_clients()
    {
        using var lab = new TunnelLab();
        lab.SetLoops(4);
        using LabProcess server = lab.StartServer();
        TunnelClient[] clients = [.. Enumerable.Range(1, 3).Select(lab.AddClient)];
        LabProcess[] running = [.. clients.Select(client => client.Start())];
        for (int draw = 0; LoopsInUse(lab) < 2 && draw < Draws; draw++) Restart(clients[0], ref running[0]);

        foreach (TunnelClient removed in clients[..2])
        {
            string[] addresses = Addresses(TunnelOf(lab, removed));
            lab.ServerCommand("client", "remove", removed.Name);
            Assert.True(SpinWait.SpinUntil(() => lab.ServerStatus().GetProperty("clients").GetArrayLength() == clients.Length - 1, s_noticed), lab.ServerCommand("status"));
            Assert.NotEqual(0, lab.Network.Run(removed.Host, "ping", "-q", "-c", "1", "-W", "1", LabNetwork.TargetAddress4).ExitCode);

            TunnelClient next = lab.AddClient(clients.ToList().IndexOf(removed) + 4);
            next.Start();
            Assert.Equal(addresses, Addresses(TunnelOf(lab, next)));
            next.Check("ping", "-q", "-c", "2", "-i", "0.05", LabNetwork.TargetAddress6);
        }

        clients[2].Check("ping", "-q", "-c", "2", "-i", "0.05", LabNetwork.TargetAddress4);
    }

    // RFC 9000 §9.3.3. By its ports, the kernel would give every other of them to another loop.
    [RootFact("nft")]
    public void A_client_whose_port_changes_stays_with_its_loop()
    {
        using var lab = new TunnelLab();
        lab.SetLoops(4);
        using LabProcess server = lab.StartServer();
        using LabProcess client = lab.StartClient();
        JsonElement tunnel = Assert.Single(lab.ServerStatus().GetProperty("clients").EnumerateArray());
        string port = tunnel.GetProperty("endpoint").GetString()!.Split(':')[^1];
        for (int outside = 41_000; outside < 41_006; outside++)
        {
            lab.Network.Check("router", "nft", $$"""
                table ip rebinding
                delete table ip rebinding
                table ip rebinding {
                    chain forward {
                        type filter hook forward priority 0;
                        ip saddr 198.51.100.2 udp dport 443 udp sport set {{outside}}
                        ip daddr 198.51.100.2 udp sport 443 udp dport set {{port}}
                    }
                }
                """);
            lab.Network.Check("client", "ping", "-q", "-c", "3", "-i", "0.05", LabNetwork.TargetAddress4);
            JsonElement moved = Assert.Single(lab.ServerStatus().GetProperty("clients").EnumerateArray());
            Assert.Equal($"198.51.100.2:{outside}", moved.GetProperty("endpoint").GetString());
            Assert.Equal(tunnel.GetProperty("loop").GetInt32(), moved.GetProperty("loop").GetInt32());
        }

        Assert.Equal(0, lab.ClientStatus().GetProperty("reconnects").GetInt32());
    }

    private static void AssertDownload(TunnelLab lab, TunnelClient client, string host)
    {
        string url = $"http://{host}:8080", file = Path.Combine(lab.Network.Directory, client.Name + ".file");
        string digest = client.Check("curl", "-sS", "--max-time", "50", url + "/digest").Trim();
        client.Check("curl", "-sS", "--max-time", "50", "-o", file, url + "/file");
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
    }

    private static void Restart(TunnelClient client, ref LabProcess running)
    {
        running.Kill();
        running = client.Start();
    }

    private static int LoopsInUse(TunnelLab lab) =>
        lab.ServerStatus().GetProperty("clients").EnumerateArray().Select(tunnel => tunnel.GetProperty("loop").GetInt32()).Distinct().Count();

    private static ulong HandedOver(JsonElement status) =>
        status.GetProperty("loops").EnumerateArray().Aggregate(0UL, (sum, loop) => sum + loop.GetProperty("packetsHandedOver").GetUInt64());

    private static JsonElement TunnelOf(TunnelLab lab, TunnelClient client) =>
        lab.ServerStatus().GetProperty("clients").EnumerateArray().Single(tunnel => tunnel.GetProperty("name").GetString() == client.Name);

    private static TunnelClient Named(TunnelClient[] clients, JsonElement tunnel) =>
        clients.Single(client => client.Name == tunnel.GetProperty("name").GetString());

    private static string[] Addresses(JsonElement tunnel) => [.. tunnel.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()!)];

    private static string Masked(string network)
    {
        string[] parts = network.Split('/');
        byte[] address = System.Net.IPAddress.Parse(parts[0]).GetAddressBytes();
        address.AsSpan(int.Parse(parts[1]) / 8).Clear();
        return $"{new System.Net.IPAddress(address)}/{parts[1]}";
    }
}
