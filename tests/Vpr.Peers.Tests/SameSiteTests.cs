using System.Net;
using System.Security.Cryptography.X509Certificates;
using Vpr.Laboratory;
using Vpr.Tls;

namespace Vpr.Peers.Tests;

/// <summary>The website is one site: curl over HTTP/1.1 and HTTP/2 and our client over HTTP/3 are told the same, and nobody without a key is told of the tunnel.</summary>
[Trait("rfc", "9110")]
public sealed class SameSiteTests
{
    private const string TunnelPath = "/.well-known/masque/ip/*/*/";
    private const int FileSize = 100_000;

    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(20);
    private static readonly IPEndPoint s_server = new(IPAddress.Parse(LabNetwork.ServerAddress), 443);

    // RFC 9484 §4.1 and RFC 9297 §3.4: what a client of the tunnel asks, but for its proof.
    private static readonly SiteRequest s_tunnelRequest = new("CONNECT", TunnelPath, (":protocol", "connect-ip"), ("capsule-protocol", "?1"));

    // A proof of the right form and about the length of a real one, under nobody's key.
    private static readonly (string Name, string Value) s_falseProof = ("authorization", $"Noise {new string('A', 1800)}");

    [RootFact("curl")]
    public void A_directory_is_the_same_site_over_all_versions()
    {
        using var lab = new TunnelLab();
        string site = Path.Combine(lab.Network.Directory, "www");
        byte[] index = SiteFile.Write(Path.Combine(site, "index.html"), 1000, seed: 1);
        byte[] file = SiteFile.Write(Path.Combine(site, "files", "picture.png"), FileSize, seed: 2);
        lab.ServeFiles(site);
        using LabProcess server = lab.StartServer();
        OverAllVersions(lab, server, ask =>
        {
            Assert.Equal(index, ask(200, new SiteRequest("GET", "/")).Body);
            SiteAnswer whole = ask(200, new SiteRequest("GET", "/files/picture.png"));
            Assert.Equal("image/png", whole.Field("content-type"));
            Assert.Equal(file, whole.Body);
            SiteAnswer head = ask(200, new SiteRequest("HEAD", "/files/picture.png"));
            Assert.Equal((FileSize.ToString(), 0), (head.Field("content-length"), head.Body.Length));
            Assert.Equal(file[1000..2000], ask(206, new SiteRequest("GET", "/files/picture.png", ("range", "bytes=1000-1999"))).Body);
            Assert.Empty(ask(304, new SiteRequest("GET", "/files/picture.png", ("if-none-match", whole.Field("etag")))).Body);
            Assert.Empty(ask(416, new SiteRequest("GET", "/files/picture.png", ("range", $"bytes={FileSize}-"))).Body);
            AssertUsualErrors(ask);
        });
    }

    [RootFact("curl")]
    public void The_page_that_comes_with_the_program_is_the_same_over_all_versions()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        OverAllVersions(lab, server, ask =>
        {
            SiteAnswer page = ask(200, new SiteRequest("GET", "/"));
            Assert.Equal("text/html", page.Field("content-type"));
            Assert.Empty(ask(200, new SiteRequest("HEAD", "/")).Body);
            AssertUsualErrors(ask);
        });
    }

    [RootFact("curl")]
    [Trait("rfc", "9220 §3")]
    public void Without_a_key_the_tunnel_path_is_a_page_that_is_not_there()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        var curl = new Curl(lab);
        foreach (string version in new[] { "--http1.1", "--http2" })
        {
            Assert.Equal(
                curl.Ask(version, new SiteRequest("GET", "/nothing/here")).DescribeInOrder(),
                curl.Ask(version, new SiteRequest("GET", TunnelPath)).DescribeInOrder());
        }

        lab.Network.Within("client", () =>
        {
            using var client = new LoopClient(s_server, PinOf(lab));
            SiteAnswer missing = client.Ask(new SiteRequest("GET", "/nothing/here"), s_answerLimit);
            Assert.Equal(404, missing.Status);
            Assert.Equal(missing.DescribeInOrder(), client.Ask(new SiteRequest("GET", TunnelPath), s_answerLimit).DescribeInOrder());
            Assert.Equal(missing.DescribeInOrder(), client.Ask(s_tunnelRequest, s_answerLimit).DescribeInOrder());
            SiteRequest proven = s_tunnelRequest with { Fields = [.. s_tunnelRequest.Fields, s_falseProof] };
            Assert.Equal(missing.DescribeInOrder(), client.Ask(proven, s_answerLimit).DescribeInOrder());
            Assert.Equal(missing.DescribeInOrder(), client.Ask(s_tunnelRequest with { Path = "/nothing/here" }, s_answerLimit).DescribeInOrder());
        });
    }

    private static void AssertUsualErrors(Func<int, SiteRequest, SiteAnswer> ask)
    {
        Assert.NotEmpty(ask(404, new SiteRequest("GET", "/nothing/here")).Body);
        Assert.Empty(ask(404, new SiteRequest("HEAD", "/nothing/here")).Body);
        ask(404, new SiteRequest("GET", "/a%20b/%C3%A4?query=1"));
        ask(404, new SiteRequest("DELETE", "/"));
    }

    /// <summary>Runs requests that are each asked over every version; the answers have to be one.</summary>
    private static void OverAllVersions(TunnelLab lab, LabProcess server, Action<Func<int, SiteRequest, SiteAnswer>> requests)
    {
        var curl = new Curl(lab);
        lab.Network.Within("client", () =>
        {
            using var client = new LoopClient(s_server, PinOf(lab));
            requests((status, request) =>
            {
                Assert.False(server.HasExited, server.Errors);
                SiteAnswer http1 = curl.Ask("--http1.1", request), http2 = curl.Ask("--http2", request), http3 = client.Ask(request, s_answerLimit);
                Assert.Equal($"{request}\n{http1.Describe()}", $"{request}\n{http2.Describe()}");
                Assert.Equal($"{request}\n{http2.Describe()}", $"{request}\n{http3.Describe()}");
                Assert.Equal((request, status), (request, http3.Status));
                return http3;
            });
        });
    }

    private static byte[] PinOf(TunnelLab lab)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(lab.ServerDirectory, "tls.crt")));
        return ServerTrust.PinOf(certificate);
    }
}
