using System.Globalization;
using System.Net;
using System.Text;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;

namespace Vpr.Server.Configuration;

/// <summary>The clients of a server: one section each in <c>clients.conf</c>, read whole and written whole.</summary>
internal sealed class ClientRegistry
{
    /// <summary>Characters of a client's name at most.</summary>
    public const int MaxNameLength = 63;

    private readonly string _path;
    private readonly SortedDictionary<string, ClientEntry> _clients = new(StringComparer.OrdinalIgnoreCase);

    private ClientRegistry(string path) => _path = path;

    /// <summary>The clients by name.</summary>
    public IReadOnlyCollection<ClientEntry> Clients => _clients.Values;

    /// <summary>Reads the registry; a missing file is an empty one.</summary>
    /// <exception cref="HostException">An entry is damaged.</exception>
    public static ClientRegistry Load(string path)
    {
        var registry = new ClientRegistry(path);
        if (!File.Exists(path)) return registry;
        IniDocument ini = IniDocument.Parse(File.ReadAllText(path), path, ExitCode.ConfigurationInvalid);
        foreach (string name in ini.Sections)
        {
            registry._clients.Add(name, new ClientEntry(
                name,
                ini.Require<byte[]>(name, "PublicKey", KeyText.TryParse, "a key (44 characters of base64)"),
                ini.Require<IPAddress?>(name, "Address4", IPAddress.TryParse, "an IPv4 address")!,
                ini.Require<IPAddress?>(name, "Address6", IPAddress.TryParse, "an IPv6 address")!,
                ini.Require(name, "Added", (string text, out DateTimeOffset at) => DateTimeOffset.TryParse(text,
                    CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at), "a time")));
        }

        return registry;
    }

    /// <summary>Adds a client with the lowest addresses that are free in both pools.</summary>
    /// <param name="name">1 to 63 letters, digits, '-', '_' or '.'.</param>
    /// <param name="publicKey">The client's static public key.</param>
    /// <param name="pool4">Where its IPv4 address comes from; the first host address is the server's.</param>
    /// <param name="pool6">Where its IPv6 address comes from; the first host address is the server's.</param>
    /// <param name="now">The time to note.</param>
    /// <exception cref="HostException">The name is taken or malformed, or a pool is full.</exception>
    public ClientEntry Add(string name, byte[] publicKey, IPNetwork pool4, IPNetwork pool6, DateTimeOffset now)
    {
        if (name.Length is 0 or > MaxNameLength || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            throw new HostException(ExitCode.Usage, $"\"{name}\" is no client name: use up to {MaxNameLength} letters, digits, '-', '_' or '.'.");
        if (_clients.ContainsKey(name))
            throw new HostException(ExitCode.NameConflict, $"A client \"{name}\" exists already: remove it first, or take another name.");
        var entry = new ClientEntry(name, publicKey,
            PoolAddresses.FirstFree(pool4, _clients.Values.Select(client => client.Address4)),
            PoolAddresses.FirstFree(pool6, _clients.Values.Select(client => client.Address6)),
            now);
        _clients.Add(name, entry);
        return entry;
    }

    /// <summary>Removes a client.</summary>
    /// <exception cref="HostException">There is none of this name.</exception>
    public void Remove(string name)
    {
        if (!_clients.Remove(name))
            throw new HostException(ExitCode.NameConflict, $"There is no client \"{name}\": \"vpr-server client list\" names all.");
    }

    /// <summary>Writes the registry in one move, so that a running server never reads half of it.</summary>
    public void Save()
    {
        var text = new StringBuilder("# The clients of this server; made by \"vpr-server client\".\n");
        foreach (ClientEntry client in _clients.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"""

                [{client.Name}]
                PublicKey = {KeyText.Format(client.PublicKey)}
                Address4 = {client.Address4}
                Address6 = {client.Address6}
                Added = {client.Added.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}

                """);
        }

        SecretFile.Write(_path, text.ToString());
    }
}
