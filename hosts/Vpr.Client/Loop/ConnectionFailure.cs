using Vpr.Hosting;
using Vpr.Hosting.Configuration;
using Vpr.Quic;
using Vpr.Tls;

namespace Vpr.Client.Loop;

/// <summary>What a failed attempt means to the user.</summary>
internal static class ConnectionFailure
{
    /// <summary>The failure of a connection that closed before its tunnel was up.</summary>
    public static HostException Describe(QuicConnection connection, ClientProfile profile) => connection.CertificateFailure switch
    {
        CertificateFailure.None => new HostException(ExitCode.ServerUnreachable,
            $"{profile.Endpoint} does not answer: look whether the server runs, and whether UDP port {profile.Endpoint.Port} reaches it."),
        CertificateFailure.Expired => new HostException(ExitCode.CertificateExpired,
            $"The certificate of {profile.ServerName} has expired: the operator renews it, or, if this machine's date is wrong, set its clock."),
        CertificateFailure.NotYetValid => new HostException(ExitCode.CertificateNotYetValid,
            $"The certificate of {profile.ServerName} is not valid yet: set this machine's clock."),
        CertificateFailure.PinMismatch => new HostException(ExitCode.PinMismatch,
            $"{profile.Endpoint} shows another key than the pin in the profile: somebody stands in between, or the server has a new key and you need a new profile."),
        CertificateFailure failure => new HostException(ExitCode.CertificateUntrusted,
            $"The certificate of {profile.ServerName} is not trusted ({failure}): ask the operator for a new profile."),
    };

    /// <summary>The failure of a server that answered like a website.</summary>
    public static HostException NotAdmitted(ClientProfile profile) => new(ExitCode.NotAdmitted,
        $"{profile.Endpoint} does not know this profile's key: the operator removed the client, or the profile is of another server; ask for a new one.");
}
