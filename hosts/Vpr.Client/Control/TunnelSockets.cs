using Vpr.Hosting;
using Vpr.Hosting.Control;

namespace Vpr.Client.Control;

/// <summary>The control sockets of the tunnels that are up, each under its interface's name.</summary>
internal static class TunnelSockets
{
    private const string RunDirectory = "/run/vpr";

    /// <summary>Binds the socket of an interface.</summary>
    /// <exception cref="HostException">A live process answers there already.</exception>
    public static ControlSocket Bind(string interfaceName)
    {
        Directory.CreateDirectory(RunDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return ControlSocket.TryBind(PathOf(interfaceName))
            ?? throw new HostException(ExitCode.AlreadyUp, $"A tunnel {interfaceName} is up: \"vpr-client down {interfaceName}\" ends it.");
    }

    /// <summary>Asks the tunnel of an interface.</summary>
    /// <exception cref="HostException">No process answers.</exception>
    public static string Ask(string interfaceName, string command) =>
        ControlSocket.TryAsk(PathOf(interfaceName), command, out string answer)
            ? answer : throw new HostException(ExitCode.NotUp, $"No tunnel {interfaceName} is up.");

    /// <summary>The interfaces whose process answers; the sockets that killed processes left are removed.</summary>
    public static IReadOnlyList<string> Interfaces()
    {
        if (!Directory.Exists(RunDirectory)) return [];
        var answering = new List<string>();
        foreach (string path in Directory.EnumerateFiles(RunDirectory, "*.sock").Order())
        {
            if (ControlSocket.TryAsk(path, "ping", out _)) answering.Add(Path.GetFileNameWithoutExtension(path));
            else File.Delete(path);
        }

        return answering;
    }

    private static string PathOf(string interfaceName) => Path.Combine(RunDirectory, interfaceName + ".sock");
}
