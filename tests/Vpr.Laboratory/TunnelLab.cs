using System.Text.Json;

namespace Vpr.Laboratory;

/// <summary>A laboratory with a configured server, one client's profile and the tools to bring both up.</summary>
public sealed class TunnelLab : IDisposable
{
    /// <summary>How long a start may take before it counts as a failure.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private static int s_count;

    /// <summary>Builds the network, and a server's directory and a client's profile in it.</summary>
    public TunnelLab()
    {
        // The interface, and with it the control socket, is named after the profile's file.
        Interface = $"vt{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
        ServerCommand("init", "--endpoint", LabNetwork.ServerAddress);
        ServerCommand("client", "add", "laptop", "--output", Profile);
    }

    /// <summary>The four hosts.</summary>
    public LabNetwork Network { get; } = new();

    /// <summary>The client's interface.</summary>
    public string Interface { get; }

    /// <summary>The client's profile.</summary>
    public string Profile => Path.Combine(Network.Directory, Interface + ".conf");

    /// <summary>The server's directory.</summary>
    public string ServerDirectory => Path.Combine(Network.Directory, "server");

    /// <summary>Runs <c>vpr-server</c> to its end; it has to succeed.</summary>
    public string ServerCommand(params string[] arguments) => Network.Check("server", [.. ServerCommandLine, .. arguments]);

    /// <summary>Makes a directory of files the server's website; before it is started.</summary>
    public void ServeFiles(string directory)
    {
        string path = Path.Combine(ServerDirectory, "server.conf"), text = File.ReadAllText(path);
        const string Sample = "#Website = /var/www/html";
        if (!text.Contains(Sample)) throw new InvalidOperationException($"{path} has no line {Sample}.");
        File.WriteAllText(path, text.Replace(Sample, "Website = " + directory));
    }

    /// <summary>Sets the back-end and the offloads of both ends; before they are started.</summary>
    /// <param name="io">As server.conf and the profile take it.</param>
    /// <param name="offloads">As server.conf and the profile take it.</param>
    public void SetLoop(string io, string offloads)
    {
        string path = Path.Combine(ServerDirectory, "server.conf"), text = File.ReadAllText(path);
        const string Sample = "Io = auto", Routes = "Routes = ";
        if (!text.Contains(Sample)) throw new InvalidOperationException($"{path} has no line {Sample}.");
        string lines = $"Io = {io}\nOffloads = {offloads}";
        File.WriteAllText(path, text.Replace(Sample, lines));
        EditProfile(profile => profile.Replace(Routes, $"{lines}\n{Routes}"));
    }

    /// <summary>Sets how many loops the server has; before it is started.</summary>
    public void SetLoops(int loops)
    {
        string path = Path.Combine(ServerDirectory, "server.conf"), text = File.ReadAllText(path);
        const string Sample = "#Loops = 1";
        if (!text.Contains(Sample)) throw new InvalidOperationException($"{path} has no line {Sample}.");
        File.WriteAllText(path, text.Replace(Sample, $"Loops = {loops}"));
    }

    /// <summary>Adds a client on a host of its own, beside the first, and registers it.</summary>
    /// <param name="number">1 to 9.</param>
    public TunnelClient AddClient(int number)
    {
        var client = new TunnelClient(Network, Network.AddClient(number), $"{Interface}c{number}");
        ServerCommand("client", "add", client.Name, "--output", client.Profile);
        return client;
    }

    /// <summary>Starts <c>vpr-server run</c> and waits until it serves.</summary>
    public LabProcess StartServer()
    {
        LabProcess server = Network.Start("server", [.. ServerCommandLine, "run"]);
        server.WaitForOutput("ready", StartLimit);
        return server;
    }

    /// <summary>Starts the server under the framework, not as the static binary, with its wall clock moved.</summary>
    /// <param name="offset">How far it is from the true time.</param>
    public LabProcess StartServerWithClock(TimeSpan offset)
    {
        string library = Path.Combine(Network.Directory, "wall-clock.so");
        Network.Check("server", "clang", "-shared", "-fPIC", "-O1", "-o", library, Path.Combine(Repository.Root, "tests", "Vpr.Laboratory", "wall-clock.c"));
        string program = Path.Combine(Repository.Root, "hosts", "Vpr.Server", "bin", "Release", "net10.0", "vpr-server.dll");
        LabProcess server = Network.Start("server", "env", $"LD_PRELOAD={library}", $"WALL_CLOCK_OFFSET={(long)offset.TotalSeconds}",
            "dotnet", program, "--directory", ServerDirectory, "run");
        server.WaitForOutput("ready", StartLimit);
        return server;
    }

    /// <summary>Runs <c>vpr-server status --json</c>.</summary>
    public JsonElement ServerStatus() => Parse(ServerCommand("status", "--json"));

    /// <summary>Runs <c>vpr-client status --json</c>.</summary>
    public JsonElement ClientStatus() => Parse(Network.Check("client", ClientBinary, "status", "--json", Interface));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Starts the client in the foreground and waits until its tunnel is up.</summary>
    public LabProcess StartClient()
    {
        LabProcess client = Network.Start("client", ClientBinary, "up", "--foreground", Profile);
        client.WaitForOutput("up", StartLimit);
        return client;
    }

    /// <summary>Runs <c>vpr-client</c> to its end.</summary>
    public CommandResult Client(params string[] arguments) => Network.Run("client", [ClientBinary, .. arguments]);

    /// <summary>Changes a text in the profile.</summary>
    public void EditProfile(Func<string, string> edit) => File.WriteAllText(Profile, edit(File.ReadAllText(Profile)));

    /// <summary>The value of a key in the profile.</summary>
    public string ProfileValue(string key) =>
        File.ReadLines(Profile).Single(line => line.StartsWith(key + " = ", StringComparison.Ordinal))[(key.Length + 3)..];

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>The published <c>vpr-client</c>.</summary>
    public static string ClientBinary => Repository.Binary("vpr-client");

    /// <summary>The published <c>vpr-server</c> and the option that names its directory.</summary>
    public string[] ServerCommandLine => [Repository.Binary("vpr-server"), "--directory", ServerDirectory];
}
