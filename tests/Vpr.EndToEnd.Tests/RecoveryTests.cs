using System.Diagnostics;
using Vpr.Hosting;
using Vpr.Laboratory;

namespace Vpr.EndToEnd.Tests;

/// <summary>What survives when one side is killed.</summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(5);

    // Sends a numbered line each tenth of a second and checks that the echo brings every one back, over one connection.
    private const string EchoClient = """
        import socket, sys, time
        s = socket.create_connection(('192.0.2.2', 7000)); f = s.makefile('rw')
        print('connected', flush=True)
        end = time.monotonic() + float(sys.argv[1]); n = 0
        while time.monotonic() < end:
            f.write(f'{n}\n'); f.flush()
            assert f.readline() == f'{n}\n', n
            n += 1; time.sleep(0.1)
        print('echoed', n, flush=True)
        """;

    private const string EchoServer = """
        import socketserver
        class Echo(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile: self.wfile.write(line)
        socketserver.TCPServer.allow_reuse_address = True
        with socketserver.ThreadingTCPServer(('', 7000), Echo) as server:
            print('listening', flush=True); server.serve_forever()
        """;

    // 5 MB in two seconds: whenever the server is killed, something is on its way.
    private const string StreamServer = """
        import socketserver, time
        class Stream(socketserver.StreamRequestHandler):
            def handle(self):
                for block in range(100): self.wfile.write(bytes([block]) * 50000); time.sleep(0.02)
        socketserver.TCPServer.allow_reuse_address = True
        with socketserver.ThreadingTCPServer(('', 7001), Stream) as server:
            print('listening', flush=True); server.serve_forever()
        """;

    private const string StreamClient = """
        import socket
        s = socket.create_connection(('192.0.2.2', 7001)); f = s.makefile('rb')
        for block in range(100):
            assert f.read(50000) == bytes([block]) * 50000, block
            if block == 10: print('begun', flush=True)
        print('whole', flush=True)
        """;

    [RootTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_killed_server_comes_back_under_the_same_addresses_and_TCP_survives(int loops)
    {
        using var lab = new TunnelLab();
        lab.SetLoops(loops);
        using LabProcess echo = lab.Network.Start("target", "python3", "-c", EchoServer);
        echo.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess server = lab.StartServer();
        using LabProcess client = lab.StartClient();
        string addresses = lab.Network.Check("client", "ip", "-o", "address", "show", "dev", lab.Interface);
        using LabProcess tcp = lab.Network.Start("client", "python3", "-c", EchoClient, "8");
        tcp.WaitForOutput("connected", TunnelLab.StartLimit);

        server.Kill();
        using LabProcess again = lab.StartServer();
        long restarted = Stopwatch.GetTimestamp();
        CommandResult ping = lab.Network.Run("client", "ping", "-q", "-c", "1", "-i", "0.1", "-w", "10", LabNetwork.TargetAddress4);
        TimeSpan recovery = Stopwatch.GetElapsedTime(restarted);

        Assert.True(ping.ExitCode == 0, ping.Output);
        Assert.True(recovery < s_recovery, $"the tunnel was back after {recovery}");
        Assert.Equal(addresses, lab.Network.Check("client", "ip", "-o", "address", "show", "dev", lab.Interface));
        Assert.True(tcp.WaitForExit(TimeSpan.FromSeconds(60)) == 0, tcp.Errors);
        Assert.Contains("echoed", tcp.Output);
    }

    /// <summary>A second without a server: long enough for the target to send again what it has no answer to.</summary>
    [RootFact]
    public void A_download_goes_on_after_an_outage_of_the_server()
    {
        using var lab = new TunnelLab();
        using LabProcess source = lab.Network.Start("target", "python3", "-c", StreamServer);
        source.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess server = lab.StartServer();
        using LabProcess client = lab.StartClient();
        using LabProcess download = lab.Network.Start("client", "python3", "-c", StreamClient);
        download.WaitForOutput("begun", TunnelLab.StartLimit);
        server.Kill();
        Thread.Sleep(TimeSpan.FromSeconds(1));
        using LabProcess again = lab.StartServer();
        Assert.True(download.WaitForExit(TimeSpan.FromSeconds(60)) == 0, download.Errors);
        Assert.Contains("whole", download.Output);
    }

    [RootFact]
    public void After_a_killed_client_the_next_up_works_and_down_leaves_nothing()
    {
        using var lab = new TunnelLab();
        string before = lab.Network.Snapshot("client");
        using LabProcess server = lab.StartServer();
        using LabProcess client = lab.StartClient();
        client.Kill();
        Assert.Equal(ExitCode.NotUp, (ExitCode)lab.Client("status", lab.Interface).ExitCode);

        CommandResult up = lab.Client("up", lab.Profile);
        Assert.True(up.ExitCode == 0, up.Errors);
        lab.Network.Check("client", "ping", "-q", "-c", "2", "-i", "0.2", LabNetwork.TargetAddress6);
        CommandResult down = lab.Client("down", lab.Interface);
        Assert.True(down.ExitCode == 0, down.Errors);
        Assert.Equal(before, lab.Network.Snapshot("client"));
        Assert.False(File.Exists($"/run/vpr/{lab.Interface}.sock"));
    }

    [RootTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_server_that_ends_leaves_its_host_as_it_was(int loops)
    {
        using var lab = new TunnelLab();
        lab.SetLoops(loops);
        string before = lab.Network.Snapshot("server");
        using LabProcess server = lab.StartServer();
        Assert.Contains("masquerade", lab.Network.Check("server", "nft", "list", "ruleset"));
        Assert.Equal(0, server.Terminate(TunnelLab.StartLimit));
        Assert.Equal(before, lab.Network.Snapshot("server"));
    }

    [RootTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_server_that_is_killed_leaves_its_table_alone_and_the_next_removes_that(int loops)
    {
        using var lab = new TunnelLab();
        lab.SetLoops(loops);
        string links = lab.Network.Check("server", "ip", "-o", "link");
        using (LabProcess killed = lab.StartServer()) killed.Kill();
        // The kernel takes a dead process's interface down on its own time.
        Assert.True(SpinWait.SpinUntil(() => links == lab.Network.Check("server", "ip", "-o", "link"), s_recovery));
        Assert.Contains("masquerade", lab.Network.Check("server", "nft", "list", "ruleset"));
        using LabProcess server = lab.StartServer();
        Assert.Single(lab.Network.Check("server", "nft", "list", "tables").Trim().Split('\n'));
        Assert.Equal(0, server.Terminate(TunnelLab.StartLimit));
        Assert.Equal("", lab.Network.Check("server", "nft", "list", "ruleset"));
    }

    [RootFact]
    public void A_client_whose_interface_is_removed_says_so_and_leaves_no_rule()
    {
        using var lab = new TunnelLab();
        string rules = lab.Network.Check("client", "ip", "rule");
        using LabProcess server = lab.StartServer();
        using LabProcess client = lab.StartClient();
        lab.Network.Check("client", "ip", "link", "delete", lab.Interface);
        Assert.Equal(ExitCode.NetworkChangeFailed, (ExitCode)client.WaitForExit(TunnelLab.StartLimit));
        Assert.Contains("removed the interface", client.Errors);
        Assert.Equal(rules, lab.Network.Check("client", "ip", "rule"));
    }

    [RootTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_server_whose_interface_is_removed_says_so(int loops)
    {
        using var lab = new TunnelLab();
        lab.SetLoops(loops);
        using LabProcess server = lab.StartServer();
        lab.Network.Check("server", "ip", "link", "delete", "vpr0");
        Assert.Equal(ExitCode.NetworkChangeFailed, (ExitCode)server.WaitForExit(TunnelLab.StartLimit));
        Assert.Contains("removed the interface", server.Errors);
    }
}
