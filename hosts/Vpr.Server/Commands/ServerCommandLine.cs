using System.CommandLine;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Server.Configuration;

namespace Vpr.Server.Commands;

/// <summary>The command line of <c>vpr-server</c>.</summary>
internal static class ServerCommandLine
{
    private static readonly Option<DirectoryInfo> s_directory = new("--directory")
    {
        Description = "Where the server's files are kept",
        DefaultValueFactory = _ => new DirectoryInfo(ServerDirectory.Default),
        Recursive = true,
    };

    /// <summary>Builds it.</summary>
    public static RootCommand Create() => new("A VPN server that looks like a web server.")
    {
        s_directory, Init(), Run(), Status(), Client(), Check(),
    };

    private static Command Init()
    {
        var endpoint = new Option<string>("--endpoint")
        {
            Description = "The name or IP address that clients reach, with :PORT unless it is 443",
            Required = true,
        };
        var command = new Command("init", "Make keys, a certificate and a configuration file") { endpoint };
        command.SetAction(parsed =>
        {
            string text = parsed.GetRequiredValue(endpoint);
            if (!ServerAddress.TryParse(text, out ServerAddress? address))
                throw new HostException(ExitCode.Usage, $"\"{text}\" is no address: write vpn.example.org, 192.0.2.1:443 or [2001:db8::1]:443.");
            InitCommand.Run(Directory(parsed), address, DateTimeOffset.UtcNow);
        });
        return command;
    }

    private static Command Run()
    {
        var command = new Command("run", "Serve until SIGTERM or SIGINT");
        command.SetAction((parsed, cancellation) => RunCommand.RunAsync(Directory(parsed), cancellation));
        return command;
    }

    private static Command Status()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("status", "Show the tunnels of the server that runs") { json };
        command.SetAction(parsed => StatusCommand.Run(Directory(parsed), parsed.GetValue(json)));
        return command;
    }

    private static Command Client()
    {
        var name = new Argument<string>("NAME") { Description = "The client's name" };
        var output = new Option<string?>("--output") { Description = "The profile's file; printed when left out" };
        var add = new Command("add", "Add a client and give out its profile") { name, output };
        add.SetAction(parsed => ClientCommands.Add(
            Directory(parsed), parsed.GetRequiredValue(name), parsed.GetValue(output), DateTimeOffset.UtcNow));
        var list = new Command("list", "List the clients");
        list.SetAction(parsed => ClientCommands.List(Directory(parsed)));
        var remove = new Command("remove", "Remove a client; its session ends at once") { name };
        remove.SetAction(parsed => ClientCommands.Remove(Directory(parsed), parsed.GetRequiredValue(name)));
        return new Command("client", "The clients") { add, list, remove };
    }

    private static Command Check()
    {
        var command = new Command("check", "Explain what is wrong with the configuration");
        command.SetAction(parsed => (int)CheckCommand.Run(Directory(parsed), DateTimeOffset.UtcNow, Console.Out));
        return command;
    }

    private static ServerDirectory Directory(ParseResult parsed) => new(parsed.GetRequiredValue(s_directory).FullName);
}
