using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Vpr.Io;
using Vpr.Tunnel;

namespace Vpr.Hosting.Configuration;

/// <summary>Everything a client needs to bring a tunnel up, as one INI file that the server makes.</summary>
/// <remarks>Owns the private key it holds: dispose it.</remarks>
public sealed class ClientProfile : IDisposable
{
    // A file cut short could still parse, with a route less: the last line says that all of it is there.
    private const string EndMark = "# End of profile";

    /// <summary>The client's name at the server.</summary>
    public required string Name { get; init; }

    /// <summary>When the server made the profile; a clock that is earlier is wrong.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>The client's static X25519 private key, 32 bytes.</summary>
    public required byte[] PrivateKey { get; init; }

    /// <summary>Where the server answers.</summary>
    public required ServerAddress Endpoint { get; init; }

    /// <summary>The name or address the server's certificate is for, and the request's authority.</summary>
    public required string ServerName { get; init; }

    /// <summary>The server's static X25519 public key, 32 bytes.</summary>
    public required byte[] ServerPublicKey { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo in the server's certificate, 32 bytes; null trusts the system's authorities and the name instead.</summary>
    /// <remarks>RFC 7858 §4.2 and RFC 7469 §2.4 use the same form of pin.</remarks>
    public byte[]? CertificatePin { get; init; }

    /// <summary>What goes through the tunnel; all of IPv4 and IPv6 by default.</summary>
    public IReadOnlyList<IPNetwork> Routes { get; init; } = Everything;

    /// <summary>Which loop back-end is used.</summary>
    public IoBackend Io { get; init; } = IoBackend.Auto;

    /// <summary>What is left to the kernel.</summary>
    public LoopOffloads Offloads { get; init; } = LoopOffloads.All;

    /// <summary>How packets wait for the congestion window.</summary>
    public QueueDiscipline Queue { get; init; } = QueueDiscipline.FqCodel;

    /// <summary>All of IPv4 and IPv6.</summary>
    public static IReadOnlyList<IPNetwork> Everything { get; } = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];

    /// <summary>Reads a profile.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="HostException">The profile is damaged; the message says where.</exception>
    public static ClientProfile Parse(string text, string source)
    {
        if (!text.TrimEnd().EndsWith(EndMark, StringComparison.Ordinal))
            throw new HostException(ExitCode.ProfileInvalid,
                $"{source} is cut short: its last line is not \"{EndMark}\". Copy the profile again.");

        IniDocument ini = IniDocument.Parse(text, source, ExitCode.ProfileInvalid);
        return new ClientProfile
        {
            Name = ini.Require("Client", "Name"),
            Issued = ini.Require("Client", "Issued", (string value, out DateTimeOffset at) => DateTimeOffset.TryParse(value,
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at), "a time like 2026-01-31T12:00:00Z"),
            PrivateKey = ini.Require<byte[]>("Client", "PrivateKey", KeyText.TryParse, "a key (44 characters of base64)"),
            Endpoint = ini.Require<ServerAddress?>("Server", "Endpoint", ServerAddress.TryParse, "an address like vpn.example.org:443")!,
            ServerName = ini.Require("Server", "Name"),
            ServerPublicKey = ini.Require<byte[]>("Server", "PublicKey", KeyText.TryParse, "a key (44 characters of base64)"),
            CertificatePin = ini.Find<byte[]?>("Server", "CertificatePin", TryParsePin, "a pin (44 characters of base64)", null),
            Routes = ini.Find("Tunnel", "Routes", (string value, out IReadOnlyList<IPNetwork> routes) => TryParseNetworks(value, out routes),
                "a list like 0.0.0.0/0, ::/0", Everything),
            Io = ini.Find("Tunnel", "Io", IoBackendText.TryParse, "\"auto\", \"uring\" or \"epoll\"", IoBackend.Auto),
            Offloads = ini.Find("Tunnel", "Offloads", LoopOffloads.TryParse, LoopOffloads.Expected, LoopOffloads.All),
            Queue = ini.Find("Tunnel", "Queue", QueueDisciplineText.TryParse, QueueDisciplineText.Expected, QueueDiscipline.FqCodel),
        };
    }

    /// <summary>The file's text; holds the private key.</summary>
    public string Format()
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"# VPR profile \"{Name}\". It holds a private key: whoever reads it is this client.")
            .AppendLine("[Client]")
            .AppendLine(CultureInfo.InvariantCulture, $"Name = {Name}")
            .AppendLine(CultureInfo.InvariantCulture, $"Issued = {Issued.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}")
            .AppendLine(CultureInfo.InvariantCulture, $"PrivateKey = {KeyText.Format(PrivateKey)}")
            .AppendLine()
            .AppendLine("[Server]")
            .AppendLine(CultureInfo.InvariantCulture, $"Endpoint = {Endpoint}")
            .AppendLine("# The name in the server's certificate.")
            .AppendLine(CultureInfo.InvariantCulture, $"Name = {ServerName}")
            .AppendLine(CultureInfo.InvariantCulture, $"PublicKey = {KeyText.Format(ServerPublicKey)}");
        if (CertificatePin is not null)
            text.AppendLine("# SHA-256 of the public key in the server's certificate.")
                .AppendLine(CultureInfo.InvariantCulture, $"CertificatePin = {KeyText.Format(CertificatePin)}");
        return text
            .AppendLine()
            .AppendLine("[Tunnel]")
            .AppendLine("# What goes through the tunnel.")
            .AppendLine(CultureInfo.InvariantCulture, $"Routes = {string.Join(", ", Routes)}")
            .AppendLine(EndMark)
            .ToString();
    }

    /// <summary>Erases the private key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(PrivateKey);

    private static bool TryParsePin(string text, out byte[]? pin)
    {
        bool good = KeyText.TryParse(text, out byte[] bytes);
        pin = bytes;
        return good;
    }

    private static bool TryParseNetworks(string text, out IReadOnlyList<IPNetwork> networks)
    {
        var list = new List<IPNetwork>();
        networks = list;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!IPNetwork.TryParse(part, out IPNetwork network)) return false;
            list.Add(network);
        }

        return list.Count > 0;
    }
}
