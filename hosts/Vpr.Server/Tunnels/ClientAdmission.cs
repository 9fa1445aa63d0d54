using Vpr.Hosting;
using Vpr.Masque;
using Vpr.Server.Configuration;

namespace Vpr.Server.Tunnels;

/// <summary>Which clients the server admits now: the registry's, read again whenever its file has changed.</summary>
/// <remarks>The loop's alone. A look at the file's time costs a system call, and is made once a handshake and once a second.</remarks>
internal sealed class ClientAdmission(string path)
{
    private Dictionary<PeerKey, ClientEntry> _clients = [];
    private (DateTime Modified, long Length) _seen = (DateTime.MinValue, -1);

    /// <summary>Reads the registry if it has changed.</summary>
    /// <returns>Whether it had.</returns>
    /// <exception cref="HostException">The registry is damaged; the clients admitted so far stay.</exception>
    public bool Refresh()
    {
        var file = new FileInfo(path);
        (DateTime, long) now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, 0);
        if (now == _seen) return false;
        _seen = now;
        _clients = ClientRegistry.Load(path).Clients.ToDictionary(client => new PeerKey(client.PublicKey));
        return true;
    }

    /// <summary>The client of a key, or null when it is not admitted.</summary>
    public ClientEntry? Find(PeerKey key) => _clients.GetValueOrDefault(key);
}
