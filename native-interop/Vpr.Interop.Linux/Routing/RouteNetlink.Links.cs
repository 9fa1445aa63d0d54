namespace Vpr.Interop.Linux;

/// <remarks>linux/if_link.h</remarks>
public sealed partial class RouteNetlink
{
    private const int IFLA_IFNAME = 3;
    private const int IFLA_MTU = 4;
    private const int IFLA_LINKINFO = 18;
    private const int IFLA_INFO_KIND = 1;
    private const uint IFF_UP = 1;

    /// <summary>All interfaces.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<Link> GetLinks()
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.GetLink, NetlinkFlags.Dump, new LinkMessage());
        writer.EndMessage();
        return _socket.Dump<Link>(writer.Written, "RTM_GETLINK", TryParseLink);
    }

    /// <summary>The interface of a name, or <see langword="null"/> when there is none.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public Link? FindLink(string name)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.GetLink, NetlinkFlags.None, new LinkMessage());
        writer.Attribute(IFLA_IFNAME, name);
        writer.EndMessage();
        NetlinkReply reply = _socket.Get(writer.Written, TryParseLink, out Link? link);
        return reply.Error switch
        {
            LinuxErrorCode.None => link,
            LinuxErrorCode.ENODEV => null,
            _ => throw reply.ToException($"RTM_GETLINK {name}"),
        };
    }

    /// <summary>Switches an interface on or off.</summary>
    /// <param name="link">The interface's index.</param>
    /// <param name="up">On or off.</param>
    /// <exception cref="LinuxException">There is no such interface, or CAP_NET_ADMIN is missing.</exception>
    public void SetLinkUp(int link, bool up = true)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        LinkMessage message = new() { Index = link, Flags = up ? IFF_UP : 0, Change = IFF_UP };
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.NewLink, NetlinkFlags.Acknowledge, message);
        Change(ref writer, $"RTM_NEWLINK {link} {(up ? "up" : "down")}");
    }

    /// <summary>Sets an interface's MTU.</summary>
    /// <param name="link">The interface's index.</param>
    /// <param name="mtu">Bytes, IP header included.</param>
    /// <exception cref="LinuxException">There is no such interface, the device does not allow the value, or CAP_NET_ADMIN is missing.</exception>
    public void SetMtu(int link, int mtu)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.NewLink, NetlinkFlags.Acknowledge, new LinkMessage { Index = link });
        writer.Attribute(IFLA_MTU, (uint)mtu);
        Change(ref writer, $"RTM_NEWLINK {link} mtu {mtu}");
    }

    /// <summary>Deletes an interface, with its addresses and routes.</summary>
    /// <param name="link">The interface's index.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="LinuxException">The interface is hardware, or CAP_NET_ADMIN is missing.</exception>
    public bool DeleteLink(int link)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.DeleteLink, NetlinkFlags.Acknowledge, new LinkMessage { Index = link });
        return Change(ref writer, $"RTM_DELLINK {link}", LinuxErrorCode.ENODEV);
    }

    private static bool TryParseLink(ushort type, ReadOnlySpan<byte> body, out Link link)
    {
        link = null!;
        if (type != RouteMessages.NewLink || !RouteMessages.TrySplit(body, out LinkMessage message, out NetlinkAttributeReader attributes)) return false;
        string name = "";
        int mtu = 0;
        string? kind = null;
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case IFLA_IFNAME:
                    name = attributes.Text;
                    break;
                case IFLA_MTU:
                    mtu = (int)attributes.UInt32;
                    break;
                case IFLA_LINKINFO:
                    NetlinkAttributeReader info = new(attributes.Value);
                    while (info.Read())
                    {
                        if (info.Type == IFLA_INFO_KIND) kind = info.Text;
                    }

                    break;
            }
        }

        link = new Link(message.Index, name, mtu, (message.Flags & IFF_UP) != 0, kind);
        return true;
    }
}
