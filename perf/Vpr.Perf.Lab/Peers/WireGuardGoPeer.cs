using System.Net.Sockets;
using System.Text;
using Vpr.Crypto;
using Vpr.Interop.Linux;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>wireguard-go, the peer to beat, as it is found on PATH.</summary>
/// <remarks>Configured by its cross-platform interface, a text protocol on a Unix socket, so that the <c>wg</c> tool is not needed.</remarks>
internal sealed class WireGuardGoPeer : Peer
{
    /// <summary>The peer's name, by which goals compare.</summary>
    public const string PeerName = "wireguard-go";

    private const int Mtu = 1420;
    private const int Port = 51820;
    private const string SocketFolder = "/var/run/wireguard";

    private readonly string? _program = FindProgram("wireguard-go");

    /// <inheritdoc/>
    public override string Name => PeerName;

    /// <inheritdoc/>
    public override string Description => "WireGuard in user space, ChaCha20-Poly1305";

    /// <inheritdoc/>
    public override string? Missing => _program is null ? "wireguard-go is not on PATH" : null;

    /// <inheritdoc/>
    public override Task<string?> VersionAsync(CancellationToken cancellation) => FirstLineAsync(cancellation, _program!, "--version");

    /// <inheritdoc/>
    public override async Task<RunningPeer> StartAsync(LabNetwork network, CancellationToken cancellation)
    {
        using X25519PrivateKey clientKey = X25519PrivateKey.Generate(OsRandomSource.Instance), serverKey = X25519PrivateKey.Generate(OsRandomSource.Instance);
        (string clientDevice, string serverDevice) = ("wc" + network.Suffix, "ws" + network.Suffix);
        ChildProcess server = await StartEndAsync(network.Server, serverDevice, cancellation).ConfigureAwait(false);
        try
        {
            ChildProcess client = await StartEndAsync(network.Client, clientDevice, cancellation).ConfigureAwait(false);
            try
            {
                await ConfigureAsync(serverDevice, $"""
                    private_key={Private(serverKey)}
                    listen_port={Port}
                    public_key={Public(clientKey)}
                    allowed_ip={InnerLink.ClientAddress}/32
                    """, cancellation).ConfigureAwait(false);
                await ConfigureAsync(clientDevice, $"""
                    private_key={Private(clientKey)}
                    public_key={Public(serverKey)}
                    endpoint={network.ServerAddress}:{Port}
                    allowed_ip={InnerLink.ServerAddress}/32
                    """, cancellation).ConfigureAwait(false);
                await InnerLink.ConfigureAsync(network.Server, serverDevice, InnerLink.ServerAddress, Mtu, cancellation).ConfigureAwait(false);
                await InnerLink.ConfigureAsync(network.Client, clientDevice, InnerLink.ClientAddress, Mtu, cancellation).ConfigureAwait(false);
                return new RunningPeer(InnerLink.ServerAddress, client, server);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private static string SocketPath(string device) => Path.Combine(SocketFolder, device + ".sock");

    private static string Public(X25519PrivateKey key) => Convert.ToHexStringLower(key.PublicKey);

    private static string Private(X25519PrivateKey key)
    {
        Span<byte> bytes = stackalloc byte[X25519.KeyLength];
        key.Export(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static async Task ConfigureAsync(string device, string settings, CancellationToken cancellation)
    {
        string text;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath(device)), cancellation).ConfigureAwait(false);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"set=1\n{settings}\n\n"), cancellation).ConfigureAwait(false);
            byte[] answer = new byte[64];
            int length = await socket.ReceiveAsync(answer, cancellation).ConfigureAwait(false);
            text = Encoding.ASCII.GetString(answer, 0, length).Trim();
        }
        catch (SocketException fault)
        {
            throw new BenchException($"wireguard-go cannot be configured by {SocketPath(device)}: {fault.Message}", fault);
        }

        if (text != "errno=0") throw new BenchException($"wireguard-go refuses its configuration: {text}");
    }

    private async Task<ChildProcess> StartEndAsync(string host, string device, CancellationToken cancellation)
    {
        ChildProcess end = ChildProcess.Start(LabNetwork.In(host, _program!, "-f", device), ("LOG_LEVEL", "verbose"), ("WG_PROCESS_FOREGROUND", "1"));
        try
        {
            await end.WaitForTextAsync("UAPI listener started", StartLimit, cancellation).ConfigureAwait(false);
            return end;
        }
        catch
        {
            end.Dispose();
            throw;
        }
    }
}
