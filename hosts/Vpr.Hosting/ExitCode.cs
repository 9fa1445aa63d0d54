namespace Vpr.Hosting;

/// <summary>What a host's process returns; each kind of failure has its own, so that a script can tell them apart.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>A defect of the program itself.</summary>
    InternalError = 1,

    /// <summary>The command line makes no sense.</summary>
    Usage = 2,

    /// <summary>A profile or configuration file is missing or cannot be read.</summary>
    FileUnreadable = 10,

    /// <summary>A profile is damaged: cut short, or a value does not parse.</summary>
    ProfileInvalid = 11,

    /// <summary>The server's configuration does not parse or contradicts itself.</summary>
    ConfigurationInvalid = 12,

    /// <summary>A file with a secret can be read by others.</summary>
    KeyFileExposed = 13,

    /// <summary>What was to be created exists already, or what was to be removed does not.</summary>
    NameConflict = 14,

    /// <summary>The process lacks the rights to change the network.</summary>
    NotPermitted = 20,

    /// <summary>The system has no TUN driver.</summary>
    NoTunDevice = 21,

    /// <summary>Another process holds the port.</summary>
    PortInUse = 22,

    /// <summary>IPv6 was asked for, and the system has none.</summary>
    NoIpv6 = 23,

    /// <summary>A tunnel of this profile is up already, or a server runs on this directory already.</summary>
    AlreadyUp = 24,

    /// <summary>No tunnel of this profile is up, or no server runs on this directory.</summary>
    NotUp = 25,

    /// <summary>The kernel refused a change of the network.</summary>
    NetworkChangeFailed = 26,

    /// <summary>The server's name has no address.</summary>
    NameNotResolved = 30,

    /// <summary>The server does not answer.</summary>
    ServerUnreachable = 31,

    /// <summary>The server answers as a website alone: it does not know this key, or the profile is of another server.</summary>
    NotAdmitted = 32,

    /// <summary>The server's certificate is past its end.</summary>
    CertificateExpired = 40,

    /// <summary>The server's certificate is not valid yet.</summary>
    CertificateNotYetValid = 41,

    /// <summary>This machine's clock is earlier than the profile it uses.</summary>
    ClockWrong = 42,

    /// <summary>The server's key is not the one the profile pins.</summary>
    PinMismatch = 43,

    /// <summary>The server's certificate is of another name, or of an authority the profile does not trust.</summary>
    CertificateUntrusted = 44,
}
