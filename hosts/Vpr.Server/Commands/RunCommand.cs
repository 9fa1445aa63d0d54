using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Hosting.Control;
using Vpr.Hosting.Loop;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Server.Configuration;
using Vpr.Server.Control;
using Vpr.Server.Http;
using Vpr.Server.Loop;
using Vpr.Server.Network;
using Vpr.Server.Tunnels;
using Vpr.Tls;
using Vpr.Tunnel;

namespace Vpr.Server.Commands;

/// <summary><c>vpr-server run</c>: takes what can fail first, then changes the host, then serves until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>What to do on a system without IPv6.</summary>
    public const string WithoutIpv6 = "boot a kernel with IPv6: clients are given addresses of both families";

    private const int SocketBuffer = 4 << 20;

    /// <summary>Serves until <paramref name="cancellation"/>.</summary>
    /// <returns>The process's exit code.</returns>
    /// <exception cref="HostException">Something is missing or taken; the host is as it was.</exception>
    public static async Task<int> RunAsync(ServerDirectory directory, CancellationToken cancellation)
    {
        ServerConfiguration configuration = ServerConfiguration.Load(directory);
        using X25519PrivateKey noiseKey = ServerKeys.LoadNoiseKey(directory);
        using X509Certificate2 certificate = ServerKeys.LoadCertificate(directory);
        HostRequirements.Check(needsIpv6: true, WithoutIpv6);

        using ControlSocket control = ControlSocket.TryBind(directory.ControlSocket)
            ?? throw new HostException(ExitCode.AlreadyUp, $"A server runs on {directory.Path} already.");
        using UdpDatagramSocket socket = Bind(configuration, cancellation);
        await using WebApplication website = Website.Create(configuration.Listen, configuration.Website, certificate, HostLogging.Configure);
        await StartAsync(website, configuration.Listen, cancellation).ConfigureAwait(false);

        var clients = new ClientAdmission(directory.ClientsFile);
        clients.Refresh();
        using QuicEndpoint endpoint = CreateEndpoint(noiseKey, certificate);
        using LoopPoller poller = LinuxPoller.Open(configuration.Io);
        using var mailbox = new Mailbox();
        using ServerNetwork network = SetUpNetwork(configuration, cancellation);
        var loop = new ServerLoop(
            poller, socket, network.Device, endpoint, mailbox, configuration, clients, noiseKey,
            (Http3Server)website.Services.GetRequiredService<IServer>());
        var thread = new Thread(loop.Run) { Name = "vpr-loop" };
        thread.Start();
        _ = control.ServeAsync(command => AnswerAsync(loop, command));
        Console.WriteLine($"vpr-server is ready on {configuration.Listen}, interface {configuration.Interface}, {poller.Description}, {AesDescription()}");

        await loop.DeviceLost.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        loop.RequestStop();
        thread.Join();
        await website.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (loop.DeviceLost.IsCompleted)
            throw new HostException(ExitCode.NetworkChangeFailed, $"Somebody removed the interface {configuration.Interface}: the server has stopped.");
        return (int)ExitCode.Success;
    }

    // Whoever wonders about the speed, or about a processor that computes wrong, finds it here.
    private static string AesDescription() => Aead.AesProvider switch
    {
        AesProvider.ProcessorInstructions => "AES by the processor's instructions",
        AesProvider.LibCrypto => "AES by libcrypto",
        _ => "AES by libcrypto, because the processor's instructions FAILED THE SELF-TEST",
    };

    private static async Task<string> AnswerAsync(ServerLoop loop, string command) => command == StatusCommand.Request
        ? JsonSerializer.Serialize(await loop.AskStatusAsync().ConfigureAwait(false), ServerStatusJson.Default.ServerStatus)
        : "";

    private static UdpDatagramSocket Bind(ServerConfiguration configuration, CancellationToken cancellation)
    {
        IPEndPoint listen = configuration.Listen;
        var options = new UdpSocketOptions
        {
            LocalEndpoint = UdpEndpoint.From(listen),
            BufferSize = SocketBuffer,
            SegmentationOffload = (configuration.Offloads.Socket & DatagramOffloads.Segmentation) != 0,
            ReceiveOffload = (configuration.Offloads.Socket & DatagramOffloads.Receive) != 0,
        };
        try
        {
            return Handover.Take(() => UdpDatagramSocket.Bind(options), LinuxErrorCode.EADDRINUSE, cancellation);
        }
        catch (LinuxException fault) when (fault.Code == LinuxErrorCode.EADDRINUSE)
        {
            throw HostRequirements.PortInUse("UDP", listen, fault);
        }
        catch (LinuxException fault)
        {
            throw new HostException(ExitCode.ConfigurationInvalid, $"{listen} cannot be listened on: {fault.Message}.", fault);
        }
    }

    private static async Task StartAsync(WebApplication website, IPEndPoint listen, CancellationToken cancellation)
    {
        try
        {
            await website.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException fault) when (fault.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw HostRequirements.PortInUse("TCP", listen, fault);
        }
    }

    private static ServerNetwork SetUpNetwork(ServerConfiguration configuration, CancellationToken cancellation)
    {
        try
        {
            return Handover.Take(() => ServerNetwork.SetUp(configuration, TunnelSession.LargestMtu), LinuxErrorCode.EBUSY, cancellation);
        }
        catch (LinuxException fault)
        {
            throw new HostException(ExitCode.NetworkChangeFailed, $"The network cannot be set up: {fault.Message}.", fault);
        }
    }

    private static QuicEndpoint CreateEndpoint(X25519PrivateKey noiseKey, X509Certificate2 certificate)
    {
        var tls = new ServerHandshakeOptions
        {
            Certificates = [new ServerCertificate(certificate)],
            ApplicationProtocols = ["h3"],
            Random = OsRandomSource.Instance,
        };
        return new QuicEndpoint(MonotonicClock.Now, new EndpointOptions
        {
            Random = OsRandomSource.Instance,
            Server = new ServerConnectionOptions { Tls = tls },
            StatelessResetKey = DeriveStatelessResetKey(noiseKey),
        });
    }

    // RFC 9000 §10.3.2: the same after a restart, so that clients of the process before learn at once that their connection is gone.
    private static byte[] DeriveStatelessResetKey(X25519PrivateKey noiseKey)
    {
        Span<byte> secret = stackalloc byte[KeyText.Size];
        noiseKey.Export(secret);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), KeyText.Size, info: "vpr stateless reset"u8.ToArray());
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }
}
