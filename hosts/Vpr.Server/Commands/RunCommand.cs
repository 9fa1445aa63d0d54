using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Control;
using Vpr.Interop.Linux;
using Vpr.Io;
using Vpr.Server.Configuration;
using Vpr.Server.Control;
using Vpr.Server.Http;
using Vpr.Server.Loop;
using Vpr.Server.Network;
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
        await using WebApplication website = Website.Create(configuration.Listen, configuration.Website, certificate, HostLogging.Configure);
        using LoopGroup loops = LoopGroup.Open(
            configuration, directory.ClientsFile, Bind(configuration, cancellation), noiseKey, certificate,
            (Http3Server)website.Services.GetRequiredService<IServer>());
        await StartAsync(website, configuration.Listen, cancellation).ConfigureAwait(false);
        using ServerNetwork network = SetUpNetwork(configuration, cancellation);
        loops.Start(network.Queues);
        _ = control.ServeAsync(command => AnswerAsync(loops, command));
        Console.WriteLine($"vpr-server is ready on {configuration.Listen}, interface {configuration.Interface}, {loops.Io}, {AesDescription()}");

        await loops.DeviceLost.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        loops.Stop();
        await website.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (loops.DeviceLost.IsCompleted)
            throw new HostException(ExitCode.NetworkChangeFailed, $"Somebody removed the interface {configuration.Interface}: the server has stopped.");
        return (int)ExitCode.Success;
    }

    // Whoever wonders about the speed, or about a processor that computes wrong, finds it here.
    private static string AesDescription() => Aead.AesProvider switch
    {
        AesProvider.VectorInstructions => "AES by the processor's vector instructions",
        AesProvider.ProcessorInstructions => "AES by the processor's instructions",
        AesProvider.LibCrypto => "AES by libcrypto",
        _ => "AES by libcrypto, because the processor's instructions FAILED THE SELF-TEST",
    };

    private static async Task<string> AnswerAsync(LoopGroup loops, string command) => command == StatusCommand.Request
        ? JsonSerializer.Serialize(await loops.AskStatusAsync().ConfigureAwait(false), ServerStatusJson.Default.ServerStatus)
        : "";

    private static UdpDatagramSocket[] Bind(ServerConfiguration configuration, CancellationToken cancellation)
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
            return Handover.Take(() => UdpDatagramSocket.BindGroup(options, configuration.Loops), LinuxErrorCode.EADDRINUSE, cancellation);
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
}
