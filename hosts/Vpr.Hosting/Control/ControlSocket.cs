using System.Net.Sockets;
using System.Text;

namespace Vpr.Hosting.Control;

/// <summary>The local socket by which a command reaches the process that is running: one word in, a text out, end of stream.</summary>
/// <remarks>A path left by a killed process is taken over, because nobody answers on it.</remarks>
public sealed class ControlSocket : IDisposable
{
    // sun_path of unix(7), less its terminating zero and the suffix of the name before it listens.
    private const int MaxPath = 107 - 4;
    private const int MaxCommand = 16;

    private readonly Socket _socket;
    private readonly string _path;

    private ControlSocket(Socket socket, string path) => (_socket, _path) = (socket, path);

    /// <summary>Binds a path, and listens.</summary>
    /// <param name="path">In a directory that is root's alone.</param>
    /// <returns>Null when a live process answers there already.</returns>
    /// <exception cref="HostException">The path is too long for a socket.</exception>
    public static ControlSocket? TryBind(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxPath)
            throw new HostException(ExitCode.Usage, $"{path} is too long for a socket's name: {MaxPath} bytes are the most.");
        if (TryAsk(path, "ping", out _)) return null;

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // Under its name only once it listens: who finds the name finds somebody who answers.
        string unnamed = path + ".new";
        File.Delete(unnamed);
        socket.Bind(new UnixDomainSocketEndPoint(unnamed));
        File.SetUnixFileMode(unnamed, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        socket.Listen();
        File.Move(unnamed, path, overwrite: true);
        return new ControlSocket(socket, path);
    }

    /// <summary>Answers until the socket is disposed.</summary>
    /// <param name="answer">Gives the text for a command.</param>
    public async Task ServeAsync(Func<string, Task<string>> answer)
    {
        var buffer = new byte[MaxCommand];
        while (true)
        {
            try
            {
                using Socket peer = await _socket.AcceptAsync().ConfigureAwait(false);
                int length = await peer.ReceiveAsync(buffer).ConfigureAwait(false);
                string text = await answer(Encoding.ASCII.GetString(buffer, 0, length).Trim()).ConfigureAwait(false);
                await peer.SendAsync(Encoding.UTF8.GetBytes(text)).ConfigureAwait(false);
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

    /// <summary>Asks the process that listens on a path.</summary>
    /// <returns>False when none answers.</returns>
    public static bool TryAsk(string path, string command, out string answer)
    {
        answer = "";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }
}
