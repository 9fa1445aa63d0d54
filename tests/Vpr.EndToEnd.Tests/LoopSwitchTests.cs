using System.Security.Cryptography;
using Vpr.Laboratory;

namespace Vpr.EndToEnd.Tests;

/// <summary>Each back-end and each offload, alone and together: the same traffic passes whatever the kernel is asked to do.</summary>
public sealed class LoopSwitchTests
{
    // Web server of one file, and sink of what is posted to it: its digest is the answer.
    internal const string Target = """
        import hashlib, http.server, os, socket
        content = bytes(os.urandom(4096)) * 5000
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, body):
                self.send_response(200); self.send_header('content-length', str(len(body))); self.end_headers(); self.wfile.write(body)
            def do_GET(self): self.answer(hashlib.sha256(content).hexdigest().encode() if self.path == '/digest' else content)
            def do_POST(self): self.answer(hashlib.sha256(self.rfile.read(int(self.headers['content-length']))).hexdigest().encode())
        class Server(http.server.ThreadingHTTPServer): address_family = socket.AF_INET6
        print('listening', flush=True); Server(('::', 8080), Handler).serve_forever()
        """;

    [RootTheory]
    [InlineData("uring", "all")]
    [InlineData("uring", "none")]
    [InlineData("epoll", "all")]
    [InlineData("epoll", "none")]
    [InlineData("epoll", "csum")]
    [InlineData("epoll", "tso")]
    [InlineData("epoll", "uso")]
    [InlineData("epoll", "gso")]
    [InlineData("epoll", "gro")]
    [InlineData("epoll", "tso, uso, gso")]
    [InlineData("epoll", "tso, uso, gro")]
    [InlineData("epoll", "gso, gro")]
    public void Transfers_pass_whole_with_every_back_end_and_offload(string io, string offloads)
    {
        using var lab = new TunnelLab();
        lab.SetLoop(io, offloads);
        using LabProcess target = lab.Network.Start("target", "python3", "-uc", Target);
        target.WaitForOutput("listening", TunnelLab.StartLimit);
        using LabProcess server = lab.StartServer();
        Assert.Contains(io == "uring" ? "io_uring" : "epoll", server.Output);
        using LabProcess client = lab.StartClient();

        foreach (string host in new[] { LabNetwork.TargetAddress4, $"[{LabNetwork.TargetAddress6}]" })
        {
            string url = $"http://{host}:8080", file = Path.Combine(lab.Network.Directory, "file");
            string digest = lab.Network.Check("client", "curl", "-sS", "--max-time", "50", url + "/digest").Trim();
            lab.Network.Check("client", "curl", "-sS", "--max-time", "50", "-o", file, url + "/file");
            Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
            Assert.Equal(digest, lab.Network.Check("client", "curl", "-sS", "--max-time", "50", "--data-binary", "@" + file, url + "/").Trim());
        }
    }
}
