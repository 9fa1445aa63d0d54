using System.Net.Sockets;
using System.Text;
using Vpr.Hosting;

namespace Vpr.Client.Control;

/// <summary>The local socket by which <c>status</c> and <c>down</c> reach a running tunnel: one word in, a text out, end of stream.</summary>
/// <remarks>Owner-only, in a directory that is root's alone; a path left by a killed process is removed, because nobody answers on it.</remarks>
internal sealed class ControlSocket : IDisposable
{
    private const string RunDirectory = "/run/vpr";
    private const int MaxCommand = 16;

    private readonly Socket _socket;
    private readonly string _path;

    private ControlSocket(Socket socket, string path) => (_socket, _path) = (socket, path);

    /// <summary>Binds the socket of an interface.</summary>
    /// <exception cref="HostException">A live process answers there already.</exception>
    public static ControlSocket Bind(string interfaceName)
    {
        string path = PathOf(interfaceName);
        Directory.CreateDirectory(RunDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Interfaces().Contains(interfaceName))
            throw new HostException(ExitCode.AlreadyUp, $"A tunnel {interfaceName} is up: \"vpr-client down {interfaceName}\" ends it.");

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // Under its name only once it listens: who finds the name finds somebody who answers.
        string unnamed = path + ".new";
        File.Delete(unnamed);
        socket.Bind(new UnixDomainSocketEndPoint(unnamed));
        socket.Listen();
        File.Move(unnamed, path, overwrite: true);
        return new ControlSocket(socket, path);
    }

    /// <summary>Answers until the socket is disposed.</summary>
    /// <param name="answer">Gives the text for a command; runs on the thread pool.</param>
    public async Task ServeAsync(Func<string, string> answer)
    {
        var buffer = new byte[MaxCommand];
        while (true)
        {
            try
            {
                using Socket peer = await _socket.AcceptAsync().ConfigureAwait(false);
                int length = await peer.ReceiveAsync(buffer).ConfigureAwait(false);
                string command = Encoding.ASCII.GetString(buffer, 0, length).Trim();
                await peer.SendAsync(Encoding.UTF8.GetBytes(answer(command))).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.OperationAborted)
            {
                return;
            }
            catch (SocketException)
            {
                // The asking process went away: the next one is served as if nothing was.
                continue;
            }
        }
    }

    /// <summary>Asks the tunnel of an interface.</summary>
    /// <returns>False when no process answers.</returns>
    public static bool TryAsk(string interfaceName, string command, out string answer)
    {
        answer = "";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(PathOf(interfaceName)));
            socket.Send(Encoding.ASCII.GetBytes(command));
            using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            answer = reader.ReadToEnd();
            return true;
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>The interfaces whose process answers; the sockets that killed processes left are removed.</summary>
    public static IReadOnlyList<string> Interfaces()
    {
        if (!Directory.Exists(RunDirectory)) return [];
        var answering = new List<string>();
        foreach (string path in Directory.EnumerateFiles(RunDirectory, "*.sock").Order())
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (TryAsk(name, "ping", out _)) answering.Add(name);
            else File.Delete(path);
        }

        return answering;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }

    private static string PathOf(string interfaceName) => Path.Combine(RunDirectory, interfaceName + ".sock");
}
