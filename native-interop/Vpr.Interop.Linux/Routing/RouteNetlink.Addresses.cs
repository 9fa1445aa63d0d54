using System.Net;

namespace Vpr.Interop.Linux;

/// <remarks>linux/if_addr.h</remarks>
public sealed partial class RouteNetlink
{
    private const int IFA_ADDRESS = 1;
    private const int IFA_LOCAL = 2;
    private const int IFA_FLAGS = 8;
    private const uint IFA_F_NODAD = 0x02;

    /// <summary>The addresses of one interface, or of all.</summary>
    /// <param name="link">The interface's index; 0 for all.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<InterfaceAddress> GetAddresses(int link = 0)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = Begin(buffer, RouteMessages.GetAddress, NetlinkFlags.Dump, new AddressMessage { Link = link });
        writer.EndMessage();
        List<InterfaceAddress> all = _socket.Dump<InterfaceAddress>(writer.Written, "RTM_GETADDR", TryParseAddress);
        // A kernel before 4.20 lists all whatever was asked.
        return link == 0 ? all : all.FindAll(address => address.Link == link);
    }

    /// <summary>Gives an interface an address. Duplicates of an IPv6 address are not looked for: nobody else can have one of our own pools.</summary>
    /// <remarks>The kernel adds the local route of an IPv6 address from a work queue, milliseconds after this returns.</remarks>
    /// <exception cref="LinuxException">There is no such interface, IPv6 is off on it, or CAP_NET_ADMIN is missing.</exception>
    public void AddAddress(InterfaceAddress address)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = BeginAddress(
            buffer, RouteMessages.NewAddress, NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Replace, address);
        if (address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) writer.Attribute(IFA_FLAGS, IFA_F_NODAD);
        Change(ref writer, $"RTM_NEWADDR {address.Address}/{address.PrefixLength}");
    }

    /// <summary>Takes an address from an interface.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="LinuxException">There is no such interface, or CAP_NET_ADMIN is missing.</exception>
    public bool RemoveAddress(InterfaceAddress address)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        NetlinkMessageWriter writer = BeginAddress(buffer, RouteMessages.DeleteAddress, NetlinkFlags.Acknowledge, address);
        return Change(ref writer, $"RTM_DELADDR {address.Address}/{address.PrefixLength}", LinuxErrorCode.EADDRNOTAVAIL);
    }

    private NetlinkMessageWriter BeginAddress(Span<byte> buffer, int type, NetlinkFlags flags, InterfaceAddress address)
    {
        AddressMessage message = new()
        {
            Family = RouteMessages.FamilyOf(address.Address.AddressFamily),
            PrefixLength = checked((byte)address.PrefixLength),
            Link = address.Link,
        };
        NetlinkMessageWriter writer = Begin(buffer, type, flags, message);
        Span<byte> octets = stackalloc byte[16];
        ReadOnlySpan<byte> bytes = RouteMessages.BytesOf(address.Address, octets);
        // Without a peer both say the same.
        writer.Attribute(IFA_LOCAL, bytes);
        writer.Attribute(IFA_ADDRESS, bytes);
        return writer;
    }

    private static bool TryParseAddress(ushort type, ReadOnlySpan<byte> body, out InterfaceAddress address)
    {
        address = null!;
        if (type != RouteMessages.NewAddress || !RouteMessages.TrySplit(body, out AddressMessage message, out NetlinkAttributeReader attributes)) return false;
        IPAddress? local = null, other = null;
        while (attributes.Read())
        {
            if (attributes.Type == IFA_LOCAL) local = RouteMessages.AddressFrom(attributes.Value);
            else if (attributes.Type == IFA_ADDRESS) other = RouteMessages.AddressFrom(attributes.Value);
        }

        // IFA_ADDRESS is the other side of a point-to-point link; IPv6 has it alone when there is none.
        if ((local ?? other) is not { } own) return false;
        address = new InterfaceAddress(message.Link, own, message.PrefixLength);
        return true;
    }
}
