using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Interop.Linux;
using Vpr.Server.Configuration;

namespace Vpr.Server.Commands;

/// <summary><c>vpr-server client add|list|remove</c>. A running server notices each change by itself.</summary>
internal static class ClientCommands
{
    /// <summary>Adds a client and gives its profile out, once: the server keeps the public key alone.</summary>
    /// <param name="directory">The server's files.</param>
    /// <param name="name">The new client's name.</param>
    /// <param name="output">The profile's file, made with mode 0600; null prints it.</param>
    /// <param name="now">The time to note in the profile.</param>
    /// <exception cref="HostException">The name is taken, a pool is full, or a file cannot be read or written.</exception>
    public static void Add(ServerDirectory directory, string name, string? output, DateTimeOffset now)
    {
        ServerConfiguration configuration = ServerConfiguration.Load(directory);
        ClientRegistry registry = ClientRegistry.Load(directory.ClientsFile);
        using X25519PrivateKey serverKey = ServerKeys.LoadNoiseKey(directory);
        using X25519PrivateKey key = X25519PrivateKey.Generate(OsRandomSource.Instance);
        using X509Certificate2 certificate = ServerKeys.LoadCertificate(directory);
        var privateKey = new byte[KeyText.Size];
        key.Export(privateKey);
        registry.Add(name, key.PublicKey.ToArray(), configuration.Pool4, configuration.Pool6, now);
        using var profile = new ClientProfile
        {
            Name = name,
            Issued = now,
            PrivateKey = privateKey,
            Endpoint = configuration.Endpoint,
            ServerName = configuration.Endpoint.Host,
            ServerPublicKey = serverKey.PublicKey.ToArray(),
            CertificatePin = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()),
        };
        // The profile first: a client that is registered but whose key nobody holds would block the name.
        if (output is null) Console.Write(profile.Format());
        else SecretFile.Write(output, profile.Format());
        registry.Save();
    }

    /// <summary>Prints a line for each client.</summary>
    public static void List(ServerDirectory directory)
    {
        foreach (ClientEntry client in ClientRegistry.Load(directory.ClientsFile).Clients)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{client.Name,-24} {client.Address4,-15} {client.Address6,-24} {client.Added:yyyy-MM-dd}  {KeyText.Format(client.PublicKey)}"));
        }
    }

    /// <summary>Removes a client; its session ends at once.</summary>
    /// <exception cref="HostException">There is no such client.</exception>
    public static void Remove(ServerDirectory directory, string name)
    {
        ClientRegistry registry = ClientRegistry.Load(directory.ClientsFile);
        registry.Remove(name);
        registry.Save();
    }
}
