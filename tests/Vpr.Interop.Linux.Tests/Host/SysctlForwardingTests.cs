namespace Vpr.Interop.Linux.Tests;

public sealed class SysctlForwardingTests
{
    private const string Ipv4 = "net/ipv4/ip_forward", Ipv6 = "net/ipv6/conf/all/forwarding";

    [NetworkFact]
    public void Forwarding_is_on_while_it_lives_and_as_before_afterwards() => NetworkNamespace.Run(() =>
    {
        Write(Ipv4, "0");
        Write(Ipv6, "0");
        using (SysctlForwarding.Enable(ipv4: true, ipv6: true)) Assert.Equal(("1", "1"), Read());
        Assert.Equal(("0", "0"), Read());
        using (SysctlForwarding.Enable(ipv4: true, ipv6: false)) Assert.Equal(("1", "0"), Read());

        Write(Ipv4, "1");
        using (SysctlForwarding.Enable(ipv4: true, ipv6: false)) Assert.Equal(("1", "0"), Read());
        Assert.Equal(("1", "0"), Read());
    });

    [NetworkFact]
    public void An_interface_that_lives_on_router_advertisements_keeps_them() => NetworkNamespace.Run(() =>
    {
        Tool.Run("ip", "link add uplink type veth peer name other");
        Write(Ipv6, "0");
        Write("net/ipv6/conf/uplink/accept_ra", "1");
        Write("net/ipv6/conf/other/accept_ra", "0");
        using (SysctlForwarding.Enable(ipv4: false, ipv6: true))
        {
            Assert.Equal("2", SysctlSetting.Read("net/ipv6/conf/uplink/accept_ra"));
            Assert.Equal("0", SysctlSetting.Read("net/ipv6/conf/other/accept_ra"));
        }

        Assert.Equal("1", SysctlSetting.Read("net/ipv6/conf/uplink/accept_ra"));
    });

    [NetworkFact]
    public void A_setting_that_is_missing_or_refused_is_named() => NetworkNamespace.Run(() =>
    {
        LinuxException missing = Assert.Throws<LinuxException>(() => SysctlSetting.Apply("net/ipv4/nothing_like_this", "1"));
        Assert.Equal(LinuxErrorCode.ENOENT, missing.Code);
        Assert.Contains("nothing_like_this", missing.Message, StringComparison.Ordinal);
        Assert.Equal(LinuxErrorCode.EINVAL, Assert.Throws<LinuxException>(() => SysctlSetting.Apply(Ipv4, "not a number")).Code);
    });

    private static void Write(string name, string value) => File.WriteAllText("/proc/sys/" + name, value);

    private static (string Ipv4, string Ipv6) Read() => (SysctlSetting.Read(Ipv4), SysctlSetting.Read(Ipv6));
}
