using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vpr.Client.Control;
using Vpr.Client.Loop;
using Vpr.Client.Network;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Hosting.Control;
using Vpr.Hosting.Loop;
using Vpr.Interop.Linux;
using Vpr.Io;

namespace Vpr.Client.Commands;

/// <summary>The process that a tunnel is: checks, connects, and only then changes the host; puts everything back when it is told to end.</summary>
internal static class TunnelProcess
{
    /// <summary>What <c>down</c> asks by the control socket.</summary>
    public const string DownRequest = "down";

    /// <summary>What <c>status</c> asks by the control socket.</summary>
    public const string StatusRequest = "status";

    private const int SocketBuffer = 4 << 20;

    // A clock may be a little behind the server's without harm.
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromHours(1);

    /// <summary>Runs a tunnel until <paramref name="cancellation"/> or <c>down</c>.</summary>
    /// <returns>The process's exit code.</returns>
    /// <exception cref="HostException">The tunnel could not be brought up; the host is as it was.</exception>
    public static async Task<int> RunAsync(string profilePath, CancellationToken cancellation)
    {
        string interfaceName = TunnelName.OfProfile(profilePath);
        using ClientProfile profile = LoadProfile(profilePath);
        HostRequirements.Check(
            profile.Routes.Any(route => route.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6),
            "take the IPv6 networks out of the profile's Routes");
        IPEndPoint server = Resolve(profile.Endpoint);

        // Closing the terminal must not end a tunnel that was brought up from it.
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        using ControlSocket control = TunnelSockets.Bind(interfaceName);
        using var routes = new TunnelRoutes();
        routes.RemoveRules();
        using UdpDatagramSocket socket = Bind(server, profile.Offloads);
        using LoopPoller poller = LinuxPoller.Open(profile.Io);
        using var mailbox = new Mailbox();
        using var loop = new ClientLoop(poller, socket, mailbox, profile, UdpEndpoint.From(server), interfaceName, routes);
        var thread = new Thread(loop.Run) { Name = "vpr-loop" };
        thread.Start();
        _ = control.ServeAsync(command => AnswerAsync(loop, command));
        using CancellationTokenRegistration stop = cancellation.Register(loop.RequestStop);

        try
        {
            TunnelStatus up = await loop.Established.ConfigureAwait(false);
            Console.WriteLine($"{interfaceName} is up: {string.Join(", ", up.Addresses)}, MTU {up.Mtu}, handshake {up.HandshakeMilliseconds:F1} ms");
            await loop.Finished.ConfigureAwait(false);
            return (int)ExitCode.Success;
        }
        finally
        {
            loop.RequestStop();
            thread.Join();
        }
    }

    private static async Task<string> AnswerAsync(ClientLoop loop, string command)
    {
        switch (command)
        {
            case StatusRequest:
                return JsonSerializer.Serialize(await loop.AskStatusAsync().ConfigureAwait(false), TunnelStatusJson.Default.TunnelStatus);
            case DownRequest:
                loop.RequestStop();
                await loop.Finished.ConfigureAwait(false);
                return "";
            default:
                return "";
        }
    }

    private static ClientProfile LoadProfile(string path)
    {
        ClientProfile profile = ClientProfile.Parse(SecretFile.Read(path), path);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (profile.Issued - now > s_clockTolerance)
        {
            throw new HostException(ExitCode.ClockWrong,
                $"This machine's clock says {now:yyyy-MM-dd HH:mm} UTC, but the profile was made on {profile.Issued:yyyy-MM-dd}: set the clock.");
        }

        return profile;
    }

    private static IPEndPoint Resolve(ServerAddress address)
    {
        if (address.Literal is { } literal) return new IPEndPoint(literal, address.Port);
        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(address.Host)[0], address.Port);
        }
        catch (SocketException fault)
        {
            throw new HostException(ExitCode.NameNotResolved,
                $"The name {address.Host} has no address: look at this machine's DNS, or write an IP address as the profile's Endpoint.", fault);
        }
    }

    private static UdpDatagramSocket Bind(IPEndPoint server, LoopOffloads offloads)
    {
        IPAddress any = server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        return UdpDatagramSocket.Bind(new UdpSocketOptions
        {
            LocalEndpoint = UdpEndpoint.From(new IPEndPoint(any, 0)),
            Mark = TunnelRoutes.Mark,
            BufferSize = SocketBuffer,
            SegmentationOffload = (offloads.Socket & DatagramOffloads.Segmentation) != 0,
            ReceiveOffload = (offloads.Socket & DatagramOffloads.Receive) != 0,
        });
    }
}
