using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Hosting;
using Vpr.Server.Configuration;

namespace Vpr.Server.Commands;

/// <summary><c>vpr-server check</c>: looks at everything that <c>run</c> needs and changes nothing.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan RenewalNotice = TimeSpan.FromDays(30);

    /// <summary>Writes a line for each thing looked at.</summary>
    /// <returns>The exit code of the first fault, which <c>run</c> would end with too.</returns>
    public static ExitCode Run(ServerDirectory directory, DateTimeOffset now, TextWriter output)
    {
        ExitCode first = ExitCode.Success;
        ServerConfiguration? configuration = null;
        Step("configuration", () => (configuration = ServerConfiguration.Load(directory)).Endpoint.ToString());
        Step("key", () =>
        {
            using X25519PrivateKey key = ServerKeys.LoadNoiseKey(directory);
            return directory.KeyFile;
        });
        Step("certificate", () => DescribeCertificate(directory, configuration, now));
        Step("clients", () => ClientRegistry.Load(directory.ClientsFile).Clients.Count.ToString(CultureInfo.InvariantCulture));
        Step("system", () =>
        {
            HostRequirements.Check(needsIpv6: true, RunCommand.WithoutIpv6);
            return "TUN, rights and address families are there";
        });
        if (configuration is not null) Step("port", () => DescribePort(configuration.Listen));
        return first;

        void Step(string what, Func<string> look)
        {
            try
            {
                output.WriteLine($"ok     {what}: {look()}");
            }
            catch (HostException fault)
            {
                output.WriteLine($"fault  {what}: {fault.Message}");
                if (first == ExitCode.Success) first = fault.ExitCode;
            }
        }
    }

    private static string DescribeCertificate(ServerDirectory directory, ServerConfiguration? configuration, DateTimeOffset now)
    {
        using X509Certificate2 certificate = ServerKeys.LoadCertificate(directory);
        if (certificate.NotAfter < now)
            throw new HostException(ExitCode.CertificateExpired,
                $"{directory.CertificateFile} expired on {certificate.NotAfter:yyyy-MM-dd}: put a new certificate there.");
        if (certificate.NotBefore > now)
            throw new HostException(ExitCode.CertificateNotYetValid,
                $"{directory.CertificateFile} is valid from {certificate.NotBefore:yyyy-MM-dd}: set this machine's clock.");
        if (configuration is not null && !certificate.MatchesHostname(configuration.Endpoint.Host, allowCommonName: false))
            throw new HostException(ExitCode.CertificateUntrusted,
                $"{directory.CertificateFile} is not for {configuration.Endpoint.Host}, which clients connect to.");
        TimeSpan left = certificate.NotAfter - now;
        return $"valid until {certificate.NotAfter:yyyy-MM-dd}{(left < RenewalNotice ? $", in {left.Days} days: renew it" : "")}";
    }

    private static string DescribePort(IPEndPoint listen)
    {
        foreach ((SocketType type, ProtocolType protocol) in new[] { (SocketType.Dgram, ProtocolType.Udp), (SocketType.Stream, ProtocolType.Tcp) })
        {
            using var socket = new Socket(listen.AddressFamily, type, protocol);
            if (listen.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            try
            {
                socket.Bind(listen);
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw HostRequirements.PortInUse(protocol.ToString().ToUpperInvariant(), listen, fault);
            }
            catch (SocketException fault)
            {
                throw new HostException(ExitCode.ConfigurationInvalid, $"{listen} cannot be listened on: {fault.Message}.", fault);
            }
        }

        return $"{listen} is free for UDP and TCP";
    }
}
