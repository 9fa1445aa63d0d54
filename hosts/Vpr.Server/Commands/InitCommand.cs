using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Interop.Linux;
using Vpr.Server.Certificates;
using Vpr.Server.Configuration;

namespace Vpr.Server.Commands;

/// <summary><c>vpr-server init</c>: keys, a certificate of a private authority, and a configuration file with comments.</summary>
internal static class InitCommand
{
    /// <summary>Writes a fresh directory.</summary>
    /// <exception cref="HostException">The directory holds a server already, or cannot be written.</exception>
    public static void Run(ServerDirectory directory, ServerAddress endpoint, DateTimeOffset now)
    {
        if (File.Exists(directory.ConfigurationFile))
            throw new HostException(ExitCode.NameConflict,
                $"{directory.Path} holds a server already: remove {directory.ConfigurationFile}, or name another place with --directory.");
        try
        {
            Directory.CreateDirectory(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCode.FileUnreadable, $"{directory.Path} cannot be made: {fault.Message}", fault);
        }

        WriteKey(directory);
        WriteCertificates(directory, endpoint.Host, now);
        SecretFile.Write(directory.ConfigurationFile, ConfigurationText(endpoint));
        Console.WriteLine($"""
            {directory.Path} is ready for {endpoint}.
            Next: vpr-server client add NAME > NAME.vpr
                  vpr-server run
            """);
    }

    private static void WriteKey(ServerDirectory directory)
    {
        using X25519PrivateKey key = X25519PrivateKey.Generate(OsRandomSource.Instance);
        Span<byte> bytes = stackalloc byte[KeyText.Size];
        key.Export(bytes);
        SecretFile.Write(directory.KeyFile, KeyText.Format(bytes) + "\n");
        CryptographicOperations.ZeroMemory(bytes);
    }

    private static void WriteCertificates(ServerDirectory directory, string host, DateTimeOffset now)
    {
        using X509Certificate2 authority = PrivateAuthority.Create(host, now);
        using X509Certificate2 server = PrivateAuthority.Issue(authority, host, now);
        SecretFile.Write(directory.AuthorityKeyFile, PrivateKeyPem(authority));
        SecretFile.Write(directory.AuthorityFile, authority.ExportCertificatePem() + "\n");
        SecretFile.Write(directory.CertificateKeyFile, PrivateKeyPem(server));
        SecretFile.Write(directory.CertificateFile, server.ExportCertificatePem() + "\n");
    }

    private static string PrivateKeyPem(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static string ConfigurationText(ServerAddress endpoint)
    {
        // RFC 4193 §3.2.2: a random global ID, so that two networks joined one day do not collide.
        Span<byte> prefix = stackalloc byte[16];
        prefix.Clear();
        prefix[0] = 0xFD;
        OsRandomSource.Instance.FillPublic(prefix[1..6]);
        return $"""
            # vpr-server's configuration. "vpr-server check" explains what is wrong with it.

            [Server]
            # What clients connect to; the certificate in tls.crt is for this name or address.
            Endpoint = {endpoint}
            # Where UDP and TCP are answered. [::] takes IPv4 too; on a system without IPv6 write 0.0.0.0:{endpoint.Port}.
            Listen = [::]:{endpoint.Port}
            # A directory of files that anyone sees. Left out: the page that comes with the program.
            #Website = /var/www/html

            [Tunnel]
            Interface = vpr0
            # Clients' addresses; the first of each is the server's.
            Pool4 = 10.86.0.0/24
            Pool6 = {new IPAddress(prefix)}/64
            # on: clients' packets leave under the server's addresses. off: you route the pools to this server.
            Nat = on
            # on: each packet is sealed once more inside the tunnel, so that it stays secret where TLS ends early.
            Inner = on
            # epoll or uring (io_uring); auto is epoll, which measured as fast and works everywhere.
            Io = auto
            # How many loops share the work, each on a thread of its own: 1 to 16, or auto for one a core.
            #Loops = 1
            # What is left to the kernel where it can: all, none, or a list of csum, tso, uso (TUN) and gso, gro (UDP).
            #Offloads = all
            # What waits for a client's congestion window: fq_codel (a queue for each flow, its delay controlled) or taildrop, to compare.
            #Queue = fq_codel

            """;
    }
}
