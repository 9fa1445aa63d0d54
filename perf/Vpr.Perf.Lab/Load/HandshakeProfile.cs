using System.Net;
using Vpr.Io;

namespace Vpr.Perf.Lab.Load;

/// <summary>What a handshake needs of a client's profile.</summary>
/// <param name="Server">Where the server answers.</param>
/// <param name="Authority">The request's authority.</param>
/// <param name="ServerName">The name that the server's certificate is for.</param>
/// <param name="PrivateKey">The client's static X25519 key, 32 bytes.</param>
/// <param name="ServerPublicKey">The server's, 32 bytes.</param>
/// <param name="CertificatePin">SHA-256 of the public key in the server's certificate, 32 bytes.</param>
internal sealed record HandshakeProfile(UdpEndpoint Server, string Authority, string ServerName, byte[] PrivateKey, byte[] ServerPublicKey, byte[] CertificatePin)
{
    private const int HttpsPort = 443;
    private const int KeyLength = 32;

    /// <summary>Reads a profile as <c>vpr-server client add</c> writes it.</summary>
    /// <param name="text">The file's text.</param>
    /// <exception cref="BenchException">It lacks something; the laboratory's servers are named by address and have a certificate of their own.</exception>
    public static HandshakeProfile Parse(string text)
    {
        Dictionary<string, string> values = Read(text);
        if (!IPEndPoint.TryParse(Value(values, "Server.Endpoint"), out IPEndPoint? endpoint)) throw new BenchException("The server's endpoint in the profile is no address.");
        if (endpoint.Port == 0) endpoint.Port = HttpsPort;
        string name = Value(values, "Server.Name"), host = name.Contains(':', StringComparison.Ordinal) ? $"[{name}]" : name;
        return new HandshakeProfile(
            UdpEndpoint.From(endpoint), endpoint.Port == HttpsPort ? host : $"{host}:{endpoint.Port}", name,
            Key(values, "Client.PrivateKey"), Key(values, "Server.PublicKey"), Key(values, "Server.CertificatePin"));
    }

    private static Dictionary<string, string> Read(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string section = "";
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('[')) section = line.Trim('[', ']');
            else if (!line.StartsWith('#') && line.IndexOf('=', StringComparison.Ordinal) is var at and > 0) values[$"{section}.{line[..at].Trim()}"] = line[(at + 1)..].Trim();
        }

        return values;
    }

    private static string Value(Dictionary<string, string> values, string name) =>
        values.GetValueOrDefault(name) ?? throw new BenchException($"The profile has no {name}.");

    private static byte[] Key(Dictionary<string, string> values, string name)
    {
        byte[] key = new byte[KeyLength];
        return Convert.TryFromBase64String(Value(values, name), key, out int length) && length == KeyLength ? key : throw new BenchException($"{name} in the profile is no key.");
    }
}
