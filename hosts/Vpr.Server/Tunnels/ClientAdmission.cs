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

    /// <summary>How often the registry was read: another number, other clients.</summary>
    public int Version { get; private set; }

    /// <summary>Reads the registry if it has changed.</summary>
    /// <exception cref="HostException">The registry is damaged; the clients admitted so far stay.</exception>
    public void Refresh()
    {
        var file = new FileInfo(path);
        (DateTime, long) now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, 0);
        if (now == _seen) return;
        _seen = now;
        _clients = ClientRegistry.Load(path).Clients.ToDictionary(client => new PeerKey(client.PublicKey));
        Version++;
    }

    /// <summary>The client of a key, or null when it is not admitted.</summary>
    public ClientEntry? Find(PeerKey key) => _clients.GetValueOrDefault(key);
}
