using System.Security.Cryptography;

namespace Vpr.Masque.Tests;

[Trait("rfc", "9484 §4.7")]
public sealed class AddressPoolTests
{
    private static readonly IpAddress AnyV4 = IpAddress.Unspecified(IpVersion.V4);
    private static readonly IpAddress AnyV6 = IpAddress.Unspecified(IpVersion.V6);

    [Fact]
    public void ReconnectFindsItsAddressAgain()
    {
        AddressPool pool = Pool("10.77.0.0/24", "fd00:77::/64");
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, AnyV4, out IpAddress first));
        Assert.True(pool.TryLease(Key(1), IpVersion.V6, AnyV6, out IpAddress second));
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, Address("10.77.0.9"), out IpAddress again));
        Assert.Equal(first, again);
        Assert.True(pool.Ipv4!.Value.Contains(first));
        Assert.True(pool.Ipv6!.Value.Contains(second));
        Assert.Equal(2, pool.LeaseCount);
        Assert.True(pool.TryFindOwner(first, out PeerKey owner));
        Assert.Equal(Key(1), owner);
    }

    [Fact]
    public void RestartedServerGivesTheSameAddressesWhereKeysDoNotMeet()
    {
        AddressPool before = Pool("10.77.0.0/16", null);
        AddressPool after = Pool("10.77.0.0/16", null);
        for (int i = 40; i > 0; i--) Assert.True(before.TryLease(Key(i), IpVersion.V4, AnyV4, out _));
        for (int i = 1; i <= 40; i++)
        {
            Assert.True(before.TryFind(Key(i), IpVersion.V4, out IpAddress had));
            Assert.True(after.TryLease(Key(i), IpVersion.V4, AnyV4, out IpAddress got));
            Assert.Equal(had, got);
        }
    }

    [Fact]
    public void EveryAddressIsLeasedOnceAndNoneThatIsTaken()
    {
        AddressPool pool = Pool("192.0.2.0/27", null);
        HashSet<IpAddress> seen = [];
        for (int i = 0; i < 29; i++)
        {
            Assert.True(pool.TryLease(Key(i), IpVersion.V4, AnyV4, out IpAddress address));
            Assert.True(seen.Add(address));
            Assert.InRange((uint)address.Value & 31, 2u, 30u); // not the network, the server, the broadcast
        }

        Assert.Equal((UInt128)29, pool.Capacity(IpVersion.V4));
        Assert.False(pool.TryLease(Key(99), IpVersion.V4, AnyV4, out _));
        Assert.True(pool.Remove(Key(7)));
        Assert.True(pool.TryLease(Key(99), IpVersion.V4, AnyV4, out IpAddress freed));
        Assert.Contains(freed, seen);
        Assert.False(pool.Remove(Key(7)));
    }

    [Fact]
    public void ServerAddressIsTheSecondOfThePrefix()
    {
        AddressPool pool = Pool("10.77.0.0/30", "fd00:77::/126");
        Assert.Equal(Address("10.77.0.1"), pool.ServerAddress(IpVersion.V4));
        Assert.Equal(Address("fd00:77::1"), pool.ServerAddress(IpVersion.V6));
        Assert.Equal(UInt128.One, pool.Capacity(IpVersion.V4));
        Assert.Equal((UInt128)2, pool.Capacity(IpVersion.V6));
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, AnyV4, out IpAddress only));
        Assert.Equal(Address("10.77.0.2"), only);
    }

    [Theory]
    [InlineData("10.77.0.0")]
    [InlineData("10.77.0.1")]
    [InlineData("10.77.0.255")]
    [InlineData("10.78.0.9")]
    [InlineData("fd00:77::9")]
    public void PreferenceThatCannotBeIsIgnored(string preferred)
    {
        AddressPool pool = Pool("10.77.0.0/24", "fd00:77::/64");
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, Address(preferred), out IpAddress address));
        Assert.NotEqual(Address(preferred), address);
        Assert.True(pool.Ipv4!.Value.Contains(address));
        Assert.False(pool.TryReserve(Key(2), Address(preferred)) && preferred != "fd00:77::9");
    }

    [Fact]
    public void FreePreferenceIsGrantedAndATakenOneIsNot()
    {
        AddressPool pool = Pool("10.77.0.0/24", null);
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, Address("10.77.0.9"), out IpAddress first));
        Assert.Equal(Address("10.77.0.9"), first);
        Assert.True(pool.TryLease(Key(2), IpVersion.V4, Address("10.77.0.9"), out IpAddress second));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void ReservedAddressReplacesTheLease()
    {
        AddressPool pool = Pool("10.77.0.0/24", null);
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, AnyV4, out IpAddress before));
        IpAddress wanted = Address(before == Address("10.77.0.50") ? "10.77.0.51" : "10.77.0.50");
        Assert.True(pool.TryReserve(Key(1), wanted));
        Assert.True(pool.TryReserve(Key(1), wanted));
        Assert.False(pool.TryReserve(Key(2), wanted));
        Assert.True(pool.TryLease(Key(1), IpVersion.V4, AnyV4, out IpAddress after));
        Assert.Equal(wanted, after);
        Assert.False(pool.TryFindOwner(before, out _));
        Assert.Equal(1, pool.LeaseCount);
    }

    [Fact]
    public void AbsentVersionIsRefused()
    {
        AddressPool pool = Pool("10.77.0.0/24", null);
        Assert.False(pool.TryLease(Key(1), IpVersion.V6, AnyV6, out _));
        Assert.False(pool.For(Key(1)).TryAssign(IpVersion.V6, IpPrefix.Single(AnyV6), out _));
        Assert.True(pool.For(Key(1)).TryAssign(IpVersion.V4, IpPrefix.Single(AnyV4), out IpPrefix assigned));
        Assert.True(assigned.IsSingle);
    }

    [Fact]
    public void WholeIpv6SpaceIsAPoolToo()
    {
        AddressPool pool = new(null, IpPrefix.All(IpVersion.V6));
        Assert.Equal(UInt128.MaxValue - 1, pool.Capacity(IpVersion.V6));
        Assert.True(pool.TryLease(Key(1), IpVersion.V6, AnyV6, out IpAddress address));
        Assert.NotEqual(pool.ServerAddress(IpVersion.V6), address);
    }

    [Fact]
    public void PrefixWithoutRoomIsMisuse()
    {
        Assert.Throws<ArgumentException>(() => Pool("10.0.0.0/31", null));
        Assert.Throws<ArgumentException>(() => Pool(null, "fd00::/127"));
        Assert.Throws<ArgumentException>(() => Pool("fd00::/64", null));
    }

    internal static AddressPool Pool(string? ipv4, string? ipv6) => new(
        ipv4 is null ? null : IpPrefix.TryParse(ipv4, out IpPrefix v4) ? v4 : throw new FormatException(ipv4),
        ipv6 is null ? null : IpPrefix.TryParse(ipv6, out IpPrefix v6) ? v6 : throw new FormatException(ipv6));

    internal static PeerKey Key(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    internal static IpAddress Address(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);
}
