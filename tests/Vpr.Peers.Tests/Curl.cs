using System.Globalization;
using Vpr.Laboratory;

namespace Vpr.Peers.Tests;

/// <summary>curl in the client's host, over HTTP/1.1 or HTTP/2.</summary>
internal sealed class Curl(TunnelLab lab)
{
    /// <summary>Asks the server for a path.</summary>
    /// <param name="version">curl's option: --http1.1 or --http2.</param>
    /// <param name="request">Method, path and further fields.</param>
    public SiteAnswer Ask(string version, SiteRequest request)
    {
        string head = Path.Combine(lab.Network.Directory, "curl.head"), body = Path.Combine(lab.Network.Directory, "curl.body");
        File.Delete(body);
        string[] fields = request.Fields.SelectMany(field => new[] { "-H", $"{field.Name}: {field.Value}" }).ToArray();
        string[] method = request.Method == "HEAD" ? ["--head"] : ["--request", request.Method];
        string said = lab.Network.Check("client",
            ["curl", "-sS", version, "--path-as-is", "--globoff", "--max-time", "20", "--cacert", Path.Combine(lab.ServerDirectory, "ca.crt"),
            "-D", head, "-o", body, "-w", "%{http_version}", .. method, .. fields, $"https://{LabNetwork.ServerAddress}{request.Path}"]);
        Assert.Equal(version["--http".Length..], said.Trim());

        // curl -I writes the head to its output as well.
        byte[] content = request.Method == "HEAD" || !File.Exists(body) ? [] : File.ReadAllBytes(body);
        string[] lines = File.ReadAllText(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new SiteAnswer(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            lines.Skip(1).Select(line => line.Split(':', 2)).Select(parts => (parts[0].ToLowerInvariant(), parts[1].Trim())).ToArray(),
            content);
    }
}
