using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>OpenVPN in user space, AES-128-GCM, point to point, as it is found on PATH.</summary>
internal sealed class OpenVpnPeer : Peer
{
    private const int Port = 1194;

    private readonly string? _program = FindProgram("openvpn");

    /// <inheritdoc/>
    public override string Name => "openvpn";

    /// <inheritdoc/>
    public override string Description => "OpenVPN in user space, AES-128-GCM";

    /// <inheritdoc/>
    public override string? Missing => _program is null ? "openvpn is not on PATH" : null;

    /// <inheritdoc/>
    public override Task<string?> VersionAsync(CancellationToken cancellation) => FirstLineAsync(cancellation, _program!, "--version");

    /// <inheritdoc/>
    public override async Task<RunningPeer> StartAsync(LabNetwork network, CancellationToken cancellation)
    {
        string clientPrint = WriteIdentity(network.Directory, "client"), serverPrint = WriteIdentity(network.Directory, "server");
        ChildProcess server = Start(network, network.Server, "server", clientPrint, "ovpn-server",
            "--tls-server", "--dh", "none", "--local", $"{network.ServerAddress}", "--port", $"{Port}", "--ifconfig", $"{InnerLink.ServerAddress}", $"{InnerLink.ClientAddress}");
        try
        {
            ChildProcess client = Start(network, network.Client, "client", serverPrint, "ovpn-client",
                "--tls-client", "--remote", $"{network.ServerAddress}", $"{Port}", "--nobind", "--ifconfig", $"{InnerLink.ClientAddress}", $"{InnerLink.ServerAddress}");
            try
            {
                await client.WaitForTextAsync("Initialization Sequence Completed", StartLimit, cancellation).ConfigureAwait(false);
                await server.WaitForTextAsync("Initialization Sequence Completed", StartLimit, cancellation).ConfigureAwait(false);
                return new RunningPeer(InnerLink.ServerAddress, client, server);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private static string WriteIdentity(string directory, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(directory, name + ".crt"), certificate.ExportCertificatePem() + "\n");
        WriteSecret(Path.Combine(directory, name + ".key"), key.ExportPkcs8PrivateKeyPem() + "\n");
        return string.Join(':', SHA256.HashData(certificate.RawData).Select(octet => octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void WriteSecret(string path, string text)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(file);
        writer.Write(text);
    }

    private ChildProcess Start(LabNetwork network, string host, string name, string peerFingerprint, string device, params string[] options) =>
        ChildProcess.Start(LabNetwork.In(host,
        [
            _program!, "--dev", device, "--dev-type", "tun", "--proto", "udp", "--verb", "3", "--disable-dco",
            "--cert", Path.Combine(network.Directory, name + ".crt"), "--key", Path.Combine(network.Directory, name + ".key"),
            "--peer-fingerprint", peerFingerprint, "--data-ciphers", "AES-128-GCM", .. options,
        ]));
}
