using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Vpr.Hosting.Configuration;

/// <summary>A host name or IP address with a UDP port, as in "vpn.example.org:443" or "[2001:db8::1]:443".</summary>
/// <param name="Host">The name or address, without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record ServerAddress(string Host, ushort Port)
{
    /// <summary>HTTPS's port, the default (RFC 9110 §4.2.2).</summary>
    public const ushort DefaultPort = 443;

    /// <summary>The address when the host is one, otherwise null: then the name is to be resolved.</summary>
    public IPAddress? Literal => IPAddress.TryParse(Host, out IPAddress? address) ? address : null;

    /// <summary>Reads an address; the port may be left out.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServerAddress? value)
    {
        value = null;
        string host = text;
        ushort port = DefaultPort;
        int colon = text.LastIndexOf(':');
        bool bracketed = text.StartsWith('[');
        if (bracketed || text.IndexOf(':') == colon)
        {
            int end = bracketed ? text.IndexOf(']') : colon < 0 ? text.Length : colon;
            if (end < 0) return false;
            host = bracketed ? text[1..end] : text[..end];
            string rest = text[(bracketed ? end + 1 : end)..];
            if (rest.Length > 0 && (rest[0] != ':'
                || !ushort.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port)))
                return false;
        }

        if (port == 0 || Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic) return false;
        value = new ServerAddress(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
