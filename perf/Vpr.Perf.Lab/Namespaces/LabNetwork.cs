using System.Globalization;
using System.Net;

namespace Vpr.Perf.Lab.Namespaces;

/// <summary>A bottleneck between the tunnel's ends: a token bucket filter on both of the router's links.</summary>
/// <param name="MegabitsPerSecond">The rate of each direction.</param>
/// <param name="BufferMilliseconds">How long the bottleneck itself queues at most; short, so that the queue builds up in the tunnel.</param>
internal sealed record Bottleneck(int MegabitsPerSecond, double BufferMilliseconds)
{
    /// <summary>The bucket: large enough for a packet and for the timer that refills it, small enough not to let bursts through unshaped.</summary>
    public const int BurstBytes = 6_000;

    /// <summary>The arguments of <c>tc qdisc add dev DEVICE root</c>.</summary>
    /// <remarks>tc-tbf(8)</remarks>
    public string[] QdiscArguments() =>
    [
        "tbf", "rate", $"{MegabitsPerSecond}mbit", "burst", BurstBytes.ToString(CultureInfo.InvariantCulture),
        "latency", string.Create(CultureInfo.InvariantCulture, $"{BufferMilliseconds}ms"),
    ];
}

/// <summary>Two hosts, joined directly or through a router with a bottleneck, as network namespaces; gone when disposed.</summary>
/// <remarks>The names hold this process's pid, so that what a killed run left can be told from what is in use.</remarks>
internal sealed class LabNetwork : IAsyncDisposable
{
    /// <summary>How every namespace's name begins; the pid follows.</summary>
    public const string NamePrefix = "vprbench";

    private static readonly TimeSpan s_commandLimit = TimeSpan.FromSeconds(30);
    private static int s_count;

    private readonly string _prefix = $"{NamePrefix}{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private readonly List<string> _namespaces = [];
    private readonly bool _isRouted;

    private LabNetwork(bool isRouted)
    {
        _isRouted = isRouted;
        ClientAddress = IPAddress.Parse(isRouted ? "198.51.100.2" : "192.0.2.1");
        ServerAddress = IPAddress.Parse(isRouted ? "203.0.113.2" : "192.0.2.2");
        Directory = System.IO.Directory.CreateTempSubdirectory("vpr-bench-").FullName;
    }

    /// <summary>The namespace of the tunnel's client end.</summary>
    public string Client => _prefix + "-client";

    /// <summary>The namespace of the tunnel's server end.</summary>
    public string Server => _prefix + "-server";

    /// <summary>The client's address outside of the tunnel.</summary>
    public IPAddress ClientAddress { get; }

    /// <summary>The server's address outside of the tunnel.</summary>
    public IPAddress ServerAddress { get; }

    /// <summary>Where the tunnel's ends keep their files.</summary>
    public string Directory { get; }

    private string Router => _prefix + "-router";

    /// <summary>A suffix for interface names, of which programs keep track outside of namespaces.</summary>
    public string Suffix => _prefix[NamePrefix.Length..];

    /// <summary>Builds a network.</summary>
    /// <exception cref="BenchException">A tool is missing or the kernel refuses.</exception>
    public static async Task<LabNetwork> CreateAsync(NetworkKind kind, Bottleneck? bottleneck, CancellationToken cancellation)
    {
        var network = new LabNetwork(bottleneck is not null);
        try
        {
            await network.BuildAsync(kind, bottleneck, cancellation).ConfigureAwait(false);
            return network;
        }
        catch
        {
            await network.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The command line that runs a command in a namespace; it keeps the pid that is started.</summary>
    public static string[] In(string host, params string[] command) => ["ip", "netns", "exec", host, .. command];

    /// <summary>Runs a command in a namespace; it has to succeed.</summary>
    /// <returns>Its output.</returns>
    public static Task<string> CheckAsync(string host, CancellationToken cancellation, params string[] command) =>
        ChildProcess.CheckAsync(In(host, command), s_commandLimit, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (string host in _namespaces)
            await ChildProcess.RunAsync(["ip", "netns", "delete", host], s_commandLimit, CancellationToken.None).ConfigureAwait(false);
        _namespaces.Clear();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task BuildAsync(NetworkKind kind, Bottleneck? bottleneck, CancellationToken cancellation)
    {
        string[] hosts = _isRouted ? [Client, Router, Server] : [Client, Server];
        foreach (string host in hosts)
        {
            _namespaces.Add(host);
            await RunAsync(cancellation, "ip", "netns", "add", host).ConfigureAwait(false);
            await CheckAsync(host, cancellation, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0").ConfigureAwait(false);
            await RunAsync(cancellation, "ip", "-n", host, "link", "set", "lo", "up").ConfigureAwait(false);
        }

        if (_isRouted)
        {
            await JoinAsync(Client, ClientAddress, Router, "198.51.100.1", kind, cancellation).ConfigureAwait(false);
            await JoinAsync(Server, ServerAddress, Router, "203.0.113.1", kind, cancellation).ConfigureAwait(false);
            await CheckAsync(Router, cancellation, "sysctl", "-qw", "net.ipv4.ip_forward=1").ConfigureAwait(false);
            await RunAsync(cancellation, "ip", "-n", Client, "route", "add", "default", "via", "198.51.100.1").ConfigureAwait(false);
            await RunAsync(cancellation, "ip", "-n", Server, "route", "add", "default", "via", "203.0.113.1").ConfigureAwait(false);
            foreach (string side in new[] { Client, Server })
                await CheckAsync(Router, cancellation, ["tc", "qdisc", "add", "dev", DeviceTowards(side), "root", .. bottleneck!.QdiscArguments()]).ConfigureAwait(false);
        }
        else
        {
            await JoinAsync(Client, ClientAddress, Server, ServerAddress.ToString(), kind, cancellation).ConfigureAwait(false);
        }

        // The first packet falls to address resolution: the network is up when it has answered once.
        await CheckAsync(Client, cancellation, "ping", "-q", "-c", "1", "-i", "0.1", "-w", "5", ServerAddress.ToString()).ConfigureAwait(false);
    }

    private static string DeviceTowards(string host) => host[(host.LastIndexOf('-') + 1)..];

    private static async Task JoinAsync(string left, IPAddress leftAddress, string right, string rightAddress, NetworkKind kind, CancellationToken cancellation)
    {
        (string leftDevice, string rightDevice) = (DeviceTowards(right), DeviceTowards(left));
        await RunAsync(cancellation, "ip", "link", "add", leftDevice, "netns", left, "type", "veth", "peer", "name", rightDevice, "netns", right).ConfigureAwait(false);
        await RunAsync(cancellation, "ip", "-n", left, "address", "add", $"{leftAddress}/24", "dev", leftDevice).ConfigureAwait(false);
        await RunAsync(cancellation, "ip", "-n", right, "address", "add", $"{rightAddress}/24", "dev", rightDevice).ConfigureAwait(false);
        foreach ((string host, string device) in new[] { (left, leftDevice), (right, rightDevice) })
        {
            string[] features = Features(kind);
            if (features.Length > 0) await CheckAsync(host, cancellation, ["ethtool", "-K", device, .. features]).ConfigureAwait(false);
            await RunAsync(cancellation, "ip", "-n", host, "link", "set", device, "up").ConfigureAwait(false);
        }
    }

    private static string[] Features(NetworkKind kind) => kind switch
    {
        NetworkKind.NicLike => ["tso", "off", "tx-udp-segmentation", "off", "gro", "on"],
        NetworkKind.Bare => ["tso", "off", "gso", "off", "gro", "off"],
        _ => [],
    };

    private static Task<string> RunAsync(CancellationToken cancellation, params string[] command) =>
        ChildProcess.CheckAsync(command, s_commandLimit, cancellation);
}
