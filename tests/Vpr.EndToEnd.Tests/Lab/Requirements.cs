namespace Vpr.EndToEnd.Tests.Lab;

/// <summary>What the machine must offer.</summary>
internal static class Requirements
{
    /// <summary>Why the end-to-end tests cannot run here, or null when they can.</summary>
    public static string? Missing() =>
        !Environment.IsPrivilegedProcess ? "needs root: it makes network namespaces"
        : !File.Exists("/dev/net/tun") ? "needs /dev/net/tun"
        : !File.Exists(Repository.Binary("vpr-server")) ? "needs the static binaries: run build/publish.sh"
        : null;
}
