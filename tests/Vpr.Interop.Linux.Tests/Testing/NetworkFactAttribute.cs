namespace Vpr.Interop.Linux.Tests;

/// <summary>A test that makes a network namespace; skipped with its reason where that is not permitted.</summary>
public sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute(params string[] tools) => Skip = Requirement.Missing(needsTun: false, tools);
}

/// <summary>A theory that makes a network namespace; skipped with its reason where that is not permitted.</summary>
public sealed class NetworkTheoryAttribute : TheoryAttribute
{
    public NetworkTheoryAttribute(params string[] tools) => Skip = Requirement.Missing(needsTun: false, tools);
}

/// <summary>A test that opens a TUN interface in a network namespace.</summary>
public sealed class TunFactAttribute : FactAttribute
{
    public TunFactAttribute(params string[] tools) => Skip = Requirement.Missing(needsTun: true, tools);
}

/// <summary>A theory that opens a TUN interface in a network namespace.</summary>
public sealed class TunTheoryAttribute : TheoryAttribute
{
    public TunTheoryAttribute(params string[] tools) => Skip = Requirement.Missing(needsTun: true, tools);
}

internal static class Requirement
{
    internal static string? Missing(bool needsTun, string[] tools)
    {
        if (!OperatingSystem.IsLinux()) return "needs Linux";
        if (NetworkNamespace.Unavailable is { } reason) return reason;
        if (needsTun && !File.Exists("/dev/net/tun")) return "needs /dev/net/tun";
        string[] missing = [.. tools.Where(tool => Tool.Find(tool) is null)];
        return missing.Length == 0 ? null : $"needs {string.Join(", ", missing)}";
    }
}
