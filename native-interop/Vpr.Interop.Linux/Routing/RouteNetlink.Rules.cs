using System.Net.Sockets;

namespace Vpr.Interop.Linux;

/// <remarks>linux/fib_rules.h</remarks>
public sealed partial class RouteNetlink
{
    private const int FRA_DST = 1;
    private const int FRA_SRC = 2;
    private const int FRA_IIFNAME = 3;
    private const int FRA_PRIORITY = 6;
    private const int FRA_FWMARK = 10;
    private const int FRA_SUPPRESS_PREFIXLEN = 14;
    private const int FRA_TABLE = 15;
    private const int FRA_FWMASK = 16;
    private const int FRA_PROTOCOL = 21;

    private const byte FR_ACT_TO_TBL = 1;
    private const uint FIB_RULE_INVERT = 2;

    /// <summary>The rules that look into a table, in their order; none where the family is off.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<RoutingRule> GetRules(AddressFamily family)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.GetRule, NetlinkFlags.Dump, new RouteMessage { Family = RouteMessages.FamilyOf(family) });
        writer.EndMessage();
        return _socket.Dump<RoutingRule>(writer.Written, "RTM_GETRULE", TryParseRule, LinuxErrorCode.EAFNOSUPPORT);
    }

    /// <summary>Adds a rule.</summary>
    /// <returns><see langword="false"/> when the same rule was there.</returns>
    /// <exception cref="LinuxException">The kernel has no policy routing for the family, or CAP_NET_ADMIN is missing.</exception>
    public bool AddRule(RoutingRule rule)
    {
        // The kernel knows a rule again only by its priority; without one it would choose the next free and take a copy.
        foreach (RoutingRule existing in GetRules(rule.Family))
        {
            if ((rule.Priority is null ? existing with { Priority = null } : existing) == rule) return false;
        }

        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = BeginRule(
            buffer, RouteMessages.NewRule, NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Exclusive, rule);
        return Change(ref writer, $"RTM_NEWRULE table {rule.Table}", LinuxErrorCode.EEXIST);
    }

    /// <summary>Removes the first rule that has all that is set in <paramref name="rule"/>.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LinuxException">CAP_NET_ADMIN is missing.</exception>
    public bool RemoveRule(RoutingRule rule)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = BeginRule(buffer, RouteMessages.DeleteRule, NetlinkFlags.Acknowledge, rule);
        return Change(ref writer, $"RTM_DELRULE table {rule.Table}", LinuxErrorCode.ENOENT, LinuxErrorCode.EAFNOSUPPORT);
    }

    /// <summary>Removes the rules that VPR made and <paramref name="isLeftover"/> picks, of both families: what a killed process left.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="LinuxException">CAP_NET_ADMIN is missing.</exception>
    public int RemoveOwnRules(Predicate<RoutingRule> isLeftover)
    {
        int removed = 0;
        foreach (AddressFamily family in (ReadOnlySpan<AddressFamily>)[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            foreach (RoutingRule rule in GetRules(family))
            {
                if (rule.Protocol == OwnProtocol && isLeftover(rule) && RemoveRule(rule)) removed++;
            }
        }

        return removed;
    }

    private NetlinkMessageWriter BeginRule(Span<byte> buffer, int type, NetlinkFlags flags, RoutingRule rule)
    {
        RouteMessage message = new()
        {
            Family = RouteMessages.FamilyOf(rule.Family),
            DestinationLength = (byte)(rule.To?.PrefixLength ?? 0),
            SourceLength = (byte)(rule.From?.PrefixLength ?? 0),
            Table = rule.Table < 256 ? (byte)rule.Table : RT_TABLE_UNSPEC,
            Type = FR_ACT_TO_TBL,
            Flags = rule.IsInverted ? FIB_RULE_INVERT : 0,
        };
        NetlinkMessageWriter writer = Begin(buffer, type, flags, message);
        Span<byte> octets = stackalloc byte[16];
        if (rule.To is { } to) writer.Attribute(FRA_DST, RouteMessages.BytesOf(to.BaseAddress, octets));
        if (rule.From is { } from) writer.Attribute(FRA_SRC, RouteMessages.BytesOf(from.BaseAddress, octets));
        if (rule.InputInterface is not null) writer.Attribute(FRA_IIFNAME, rule.InputInterface);
        if (rule.Priority is { } priority) writer.Attribute(FRA_PRIORITY, priority);
        if (rule.Mark is { } mark)
        {
            writer.Attribute(FRA_FWMARK, mark);
            writer.Attribute(FRA_FWMASK, rule.MarkMask ?? uint.MaxValue);
        }

        if (rule.SuppressPrefixLength is { } length) writer.Attribute(FRA_SUPPRESS_PREFIXLEN, (uint)length);
        writer.Attribute(FRA_TABLE, rule.Table);
        writer.Attribute(FRA_PROTOCOL, rule.Protocol);
        return writer;
    }

    private static bool TryParseRule(ushort type, ReadOnlySpan<byte> body, out RoutingRule rule)
    {
        rule = null!;
        if (type != RouteMessages.NewRule || !RouteMessages.TrySplit(body, out RouteMessage message, out NetlinkAttributeReader attributes)) return false;
        if (message.Type != FR_ACT_TO_TBL || message.Family is not (Libc.AF_INET or Libc.AF_INET6)) return false;
        rule = new RoutingRule
        {
            Family = message.Family == Libc.AF_INET ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            // The kernel leaves the attribute of the first rule out.
            Priority = 0,
            Table = message.Table,
            IsInverted = (message.Flags & FIB_RULE_INVERT) != 0,
            Protocol = 0,
        };
        while (attributes.Read())
        {
            rule = attributes.Type switch
            {
                FRA_PRIORITY => rule with { Priority = attributes.UInt32 },
                FRA_TABLE => rule with { Table = attributes.UInt32 },
                FRA_FWMARK => rule with { Mark = attributes.UInt32 },
                FRA_FWMASK => rule with { MarkMask = attributes.UInt32 == uint.MaxValue ? null : attributes.UInt32 },
                // -1 is how the kernel says that nothing is suppressed.
                FRA_SUPPRESS_PREFIXLEN => rule with { SuppressPrefixLength = attributes.UInt32 == uint.MaxValue ? null : (int)attributes.UInt32 },
                FRA_DST => rule with { To = RouteMessages.NetworkFrom(attributes.Value, message.Family, message.DestinationLength) },
                FRA_SRC => rule with { From = RouteMessages.NetworkFrom(attributes.Value, message.Family, message.SourceLength) },
                FRA_IIFNAME => rule with { InputInterface = attributes.Text },
                FRA_PROTOCOL when attributes.Value.Length >= 1 => rule with { Protocol = attributes.Value[0] },
                _ => rule,
            };
        }

        return true;
    }
}
