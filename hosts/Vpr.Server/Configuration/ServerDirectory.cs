namespace Vpr.Server.Configuration;

/// <summary>The directory that holds all of a server's state, and the names of its files.</summary>
/// <param name="Path">The directory, /etc/vpr by default.</param>
internal sealed record ServerDirectory(string Path)
{
    /// <summary>Where a server keeps its files unless told otherwise.</summary>
    public const string Default = "/etc/vpr";

    /// <summary>What the operator edits.</summary>
    public string ConfigurationFile => System.IO.Path.Combine(Path, "server.conf");

    /// <summary>The server's static Noise key.</summary>
    public string KeyFile => System.IO.Path.Combine(Path, "server.key");

    /// <summary>The certificate the server shows, its chain behind it, in PEM.</summary>
    public string CertificateFile => System.IO.Path.Combine(Path, "tls.crt");

    /// <summary>The certificate's private key, in PEM.</summary>
    public string CertificateKeyFile => System.IO.Path.Combine(Path, "tls.key");

    /// <summary>The private authority's certificate, in PEM.</summary>
    public string AuthorityFile => System.IO.Path.Combine(Path, "ca.crt");

    /// <summary>The private authority's key, in PEM.</summary>
    public string AuthorityKeyFile => System.IO.Path.Combine(Path, "ca.key");

    /// <summary>Where <c>status</c> reaches the process that runs on this directory.</summary>
    public string ControlSocket => System.IO.Path.Combine(Path, "control.sock");

    /// <summary>The clients, their public keys and addresses.</summary>
    public string ClientsFile => System.IO.Path.Combine(Path, "clients.conf");
}
