using System.CommandLine;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Hosting.Configuration;
using Vpr.Interop.Linux;

namespace Vpr.Client.Commands;

/// <summary>The command line of <c>vpr-client</c>.</summary>
internal static class ClientCommandLine
{
    /// <summary>Builds it.</summary>
    public static RootCommand Create() => new("A VPN client that looks like a web browser.") { Up(), Down(), Status(), KeyGen() };

    private static Command Up()
    {
        var profile = new Argument<FileInfo>("PROFILE") { Description = "The profile that the server's operator gave you" };
        var foreground = new Option<bool>("--foreground") { Description = "Stay attached, for a supervisor; otherwise return as soon as the tunnel is up" };
        var command = new Command("up", "Bring a tunnel up") { profile, foreground };
        command.SetAction((parsed, cancellation) => parsed.GetValue(foreground)
            ? TunnelProcess.RunAsync(parsed.GetRequiredValue(profile).FullName, cancellation)
            : UpCommand.RunAsync(parsed.GetRequiredValue(profile).FullName, cancellation));
        return command;
    }

    private static Command Down()
    {
        var name = InterfaceArgument();
        var command = new Command("down", "Take a tunnel down") { name };
        command.SetAction(parsed => DownCommand.Run(parsed.GetValue(name)));
        return command;
    }

    private static Command Status()
    {
        var name = InterfaceArgument();
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("status", "Show a tunnel's addresses, age, bytes, round-trip time and loss") { name, json };
        command.SetAction(parsed => StatusCommand.Run(parsed.GetValue(name), parsed.GetValue(json)));
        return command;
    }

    private static Command KeyGen()
    {
        var command = new Command("keygen", "Print a new private key and, on the second line, its public key");
        command.SetAction(_ =>
        {
            using X25519PrivateKey key = X25519PrivateKey.Generate(OsRandomSource.Instance);
            Span<byte> bytes = stackalloc byte[KeyText.Size];
            key.Export(bytes);
            Console.WriteLine(KeyText.Format(bytes));
            Console.WriteLine(KeyText.Format(key.PublicKey));
            CryptographicOperations.ZeroMemory(bytes);
        });
        return command;
    }

    private static Argument<string?> InterfaceArgument() => new("INTERFACE")
    {
        Description = "The tunnel's interface, which has the profile's file name; may be left out while one tunnel is up",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
