using System.Runtime.InteropServices;

namespace Vpr.Laboratory;

/// <summary>What the machine must offer.</summary>
public static class Requirements
{
    private static readonly string[] s_programFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Why the end-to-end tests cannot run here, or null when they can.</summary>
    /// <param name="programs">Other people's programs that a test runs.</param>
    public static string? Missing(params string[] programs) =>
        GetEffectiveUserId() != 0 ? "needs root: it makes network namespaces"
        : !File.Exists("/dev/net/tun") ? "needs /dev/net/tun"
        : !File.Exists(Repository.Binary("vpr-server")) ? "needs the static binaries: run build/publish.sh"
        : programs.FirstOrDefault(program => !IsInstalled(program)) is { } absent ? $"needs {absent}: run build/install-tools.sh"
        : null;

    private static bool IsInstalled(string program) => s_programFolders.Any(folder => File.Exists(Path.Combine(folder, program)));

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUserId();
}
