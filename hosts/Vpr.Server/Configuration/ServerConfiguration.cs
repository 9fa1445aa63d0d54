using System.Globalization;
using System.Net;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Io;
using Vpr.Tunnel;

namespace Vpr.Server.Configuration;

/// <summary>What <c>server.conf</c> says, checked.</summary>
internal sealed class ServerConfiguration
{
    // Each has some megabytes of buffers, and a share of the connection IDs' first byte.
    private const int MaxLoops = 16;

    /// <summary>Where the server's files are kept.</summary>
    public required string Directory { get; init; }

    /// <summary>The name or address clients reach, with the port.</summary>
    public required ServerAddress Endpoint { get; init; }

    /// <summary>The address UDP and TCP listen on; the IPv6 wildcard takes IPv4 too.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The directory of the website, or null for the page that comes with the program.</summary>
    public string? Website { get; init; }

    /// <summary>The tunnel's interface.</summary>
    public required string Interface { get; init; }

    /// <summary>Where clients' IPv4 addresses come from.</summary>
    public required IPNetwork Pool4 { get; init; }

    /// <summary>Where clients' IPv6 addresses come from.</summary>
    public required IPNetwork Pool6 { get; init; }

    /// <summary>Whether clients' packets leave under the server's own addresses.</summary>
    public required bool Nat { get; init; }

    /// <summary>Whether each packet is sealed once more inside the tunnel (design §3.6).</summary>
    public required bool Inner { get; init; }

    /// <summary>Which loop back-end serves: auto, uring or epoll.</summary>
    public required IoBackend Io { get; init; }

    /// <summary>How many loops share the work, each on a thread of its own.</summary>
    public required int Loops { get; init; }

    /// <summary>What is left to the kernel.</summary>
    public required LoopOffloads Offloads { get; init; }

    /// <summary>How packets wait for a client's congestion window.</summary>
    public required QueueDiscipline Queue { get; init; }

    /// <summary>Reads <c>server.conf</c> of a directory.</summary>
    /// <exception cref="HostException">The file is missing or a value makes no sense.</exception>
    public static ServerConfiguration Load(ServerDirectory directory)
    {
        if (!File.Exists(directory.ConfigurationFile))
            throw new HostException(ExitCode.FileUnreadable,
                $"{directory.ConfigurationFile} does not exist: run \"vpr-server init --endpoint NAME\" first.");
        IniDocument ini = IniDocument.Parse(File.ReadAllText(directory.ConfigurationFile), directory.ConfigurationFile, ExitCode.ConfigurationInvalid);
        var configuration = new ServerConfiguration
        {
            Directory = directory.Path,
            Endpoint = ini.Require<ServerAddress?>("Server", "Endpoint", ServerAddress.TryParse, "an address like vpn.example.org:443")!,
            Listen = ini.Require<IPEndPoint?>("Server", "Listen", IPEndPoint.TryParse, "an address like [::]:443 or 192.0.2.1:443")!,
            Website = ini.Find("Server", "Website"),
            Interface = ini.Require<string>("Tunnel", "Interface", TryParseInterface, "an interface name of 1 to 15 letters and digits"),
            Pool4 = ini.Require<IPNetwork>("Tunnel", "Pool4", IPNetwork.TryParse, "a network like 10.86.0.0/24"),
            Pool6 = ini.Require<IPNetwork>("Tunnel", "Pool6", IPNetwork.TryParse, "a network like fd00:86::/64"),
            Nat = ini.Find("Tunnel", "Nat", TryParseSwitch, "\"on\" or \"off\"", true),
            Inner = ini.Find("Tunnel", "Inner", TryParseSwitch, "\"on\" or \"off\"", true),
            Io = ini.Find("Tunnel", "Io", IoBackendText.TryParse, "\"auto\", \"uring\" or \"epoll\"", IoBackend.Auto),
            Loops = ini.Find("Tunnel", "Loops", TryParseLoops, $"\"auto\" or a number from 1 to {MaxLoops}", 1),
            Offloads = ini.Find("Tunnel", "Offloads", LoopOffloads.TryParse, LoopOffloads.Expected, LoopOffloads.All),
            Queue = ini.Find("Tunnel", "Queue", QueueDisciplineText.TryParse, QueueDisciplineText.Expected, QueueDiscipline.FqCodel),
        };
        if (configuration.Pool4.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || configuration.Pool4.PrefixLength > 30)
            throw ini.Fault("Tunnel", "Pool4", "is not an IPv4 network of /30 or larger");
        if (configuration.Pool6.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6 || configuration.Pool6.PrefixLength > 126)
            throw ini.Fault("Tunnel", "Pool6", "is not an IPv6 network of /126 or larger");
        if (configuration.Listen.Port == 0)
            throw ini.Fault("Server", "Listen", "has no port");
        if (configuration.Website is { } website && !System.IO.Directory.Exists(website))
            throw ini.Fault("Server", "Website", $"names {website}, which is no directory");
        return configuration;
    }

    private static bool TryParseInterface(string text, out string name)
    {
        name = text;
        return text.Length is >= 1 and <= 15 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
    }

    private static bool TryParseLoops(string text, out int loops)
    {
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            loops = Math.Clamp(Environment.ProcessorCount, 1, MaxLoops);
            return true;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out loops) && loops is >= 1 and <= MaxLoops;
    }

    private static bool TryParseSwitch(string text, out bool on)
    {
        on = text.Equals("on", StringComparison.OrdinalIgnoreCase);
        return on || text.Equals("off", StringComparison.OrdinalIgnoreCase);
    }
}
