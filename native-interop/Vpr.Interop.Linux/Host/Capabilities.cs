namespace Vpr.Interop.Linux;

/// <summary>What this thread may do.</summary>
/// <remarks>capabilities(7), capget(2)</remarks>
public static class Capabilities
{
    private const int CAP_NET_BIND_SERVICE = 10;
    private const int CAP_NET_ADMIN = 12;
    private const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary>Whether interfaces, routes and the firewall may be changed in this network namespace.</summary>
    public static bool HasNetAdmin() => Has(CAP_NET_ADMIN);

    /// <summary>Whether ports below 1024 may be bound where the system reserves them.</summary>
    public static bool HasNetBindService() => Has(CAP_NET_BIND_SERVICE);

    private static bool Has(int capability)
    {
        // struct __user_cap_header_struct: version, thread (0 is this one).
        ReadOnlySpan<uint> header = [LINUX_CAPABILITY_VERSION_3, 0];
        // Two struct __user_cap_data_struct, low bits first: effective, permitted, inheritable.
        Span<uint> data = stackalloc uint[6];
        if (Libc.capget(header, data) < 0) throw LinuxException.Because(Libc.LastError, "capget");
        return (data[capability / 32 * 3] >> (capability % 32) & 1) != 0;
    }
}
