namespace Vpr.Interop.Linux;

/// <summary>Makes this network namespace forward packets between interfaces for as long as this object lives.</summary>
/// <remarks>Documentation/networking/ip-sysctl.rst. After a crash forwarding stays on.</remarks>
public sealed class SysctlForwarding : IDisposable
{
    private const string Ipv4Forwarding = "net/ipv4/ip_forward";
    private const string Ipv6Interfaces = "net/ipv6/conf";
    private const string Ipv6Forwarding = Ipv6Interfaces + "/all/forwarding";

    private readonly Stack<SysctlSetting> _changed = new();

    private SysctlForwarding()
    {
    }

    /// <summary>Switches forwarding on.</summary>
    /// <param name="ipv4">Whether IPv4 is forwarded.</param>
    /// <param name="ipv6">Whether IPv6 is forwarded. Interfaces that have their default route from router advertisements keep it (accept_ra 2).</param>
    /// <exception cref="LinuxException">The kernel lacks the family, or the setting may not be changed; nothing is changed then.</exception>
    public static SysctlForwarding Enable(bool ipv4, bool ipv6)
    {
        SysctlForwarding forwarding = new();
        try
        {
            if (ipv4) forwarding.Apply(Ipv4Forwarding, "1");
            if (ipv6 && SysctlSetting.Read(Ipv6Forwarding) != "1")
            {
                forwarding.KeepRouterAdvertisements();
                forwarding.Apply(Ipv6Forwarding, "1");
            }

            return forwarding;
        }
        catch
        {
            forwarding.Dispose();
            throw;
        }
    }

    /// <summary>Restores every setting to what it was, the last first.</summary>
    public void Dispose()
    {
        while (_changed.TryPop(out SysctlSetting? setting)) setting.Dispose();
    }

    /// <summary>A forwarding host ignores router advertisements where accept_ra is 1, and would lose its own way out.</summary>
    private void KeepRouterAdvertisements()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc/sys/" + Ipv6Interfaces))
        {
            string name = $"{Ipv6Interfaces}/{Path.GetFileName(folder)}/accept_ra";
            if (SysctlSetting.Exists(name) && SysctlSetting.Read(name) == "1") Apply(name, "2");
        }
    }

    private void Apply(string name, string value)
    {
        if (SysctlSetting.Apply(name, value) is { } setting) _changed.Push(setting);
    }
}
