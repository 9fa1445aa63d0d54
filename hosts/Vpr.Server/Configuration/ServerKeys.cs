using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Hosting.Configuration;

namespace Vpr.Server.Configuration;

/// <summary>The server's keys and certificates as its files hold them.</summary>
internal static class ServerKeys
{
    /// <summary>The static Noise key; the caller disposes it.</summary>
    /// <exception cref="HostException">The file is missing, open to others, or holds no key.</exception>
    public static X25519PrivateKey LoadNoiseKey(ServerDirectory directory)
    {
        if (!KeyText.TryParse(SecretFile.Read(directory.KeyFile).Trim(), out byte[] bytes))
            throw new HostException(ExitCode.ConfigurationInvalid, $"{directory.KeyFile} holds no key (44 characters of base64).");
        try
        {
            return X25519PrivateKey.Import(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The certificate that the server shows, with its key; the caller disposes it.</summary>
    /// <exception cref="HostException">A file is missing, open to others, or the two do not belong together.</exception>
    public static X509Certificate2 LoadCertificate(ServerDirectory directory)
    {
        string key = SecretFile.Read(directory.CertificateKeyFile);
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(directory.CertificateFile), key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException)
        {
            throw new HostException(ExitCode.ConfigurationInvalid,
                $"{directory.CertificateFile} and {directory.CertificateKeyFile} are no certificate and its key: {fault.Message}", fault);
        }
    }
}
