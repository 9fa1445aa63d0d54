using System.Runtime.InteropServices;
using System.Text;

namespace Vpr.Interop.Linux;

/// <summary>The ioctls of a TUN interface, each over one struct ifreq.</summary>
/// <remarks>linux/if.h, linux/if_tun.h: netdevice(7). struct ifreq is 40 bytes on 64-bit Linux: a name of 16, then a union.</remarks>
internal static class TunRequest
{
    private const uint TUNSETIFF = 0x400454CA;
    private const uint TUNSETOFFLOAD = 0x400454D0;
    private const uint TUNSETVNETHDRSZ = 0x400454D8;
    private const uint TUNSETVNETLE = 0x400454DC;
    private const ushort IFF_TUN = 0x0001;
    private const ushort IFF_MULTI_QUEUE = 0x0100;
    private const ushort IFF_NO_PI = 0x1000;
    private const ushort IFF_VNET_HDR = 0x4000;
    private const ushort IFF_TUN_EXCL = 0x8000;

    private const int NameSize = 16;
    private const int RequestSize = 40;

    /// <summary>Makes a descriptor of /dev/net/tun a queue of interface <paramref name="name"/>.</summary>
    /// <param name="descriptor">The descriptor, not yet a queue.</param>
    /// <param name="name">The interface's name, or a pattern for one.</param>
    /// <param name="multiQueue">Whether more queues may follow.</param>
    /// <param name="isNew">Whether an interface that exists is refused.</param>
    /// <param name="hasHeader">Whether a <see cref="VnetHeader"/> stands in front of every packet.</param>
    /// <returns>The name the kernel chose.</returns>
    internal static string Attach(SafeDescriptor descriptor, string name, bool multiQueue, bool isNew, bool hasHeader)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        WriteName(request, name);
        ushort flags = (ushort)(IFF_TUN | IFF_NO_PI
            | (multiQueue ? IFF_MULTI_QUEUE : 0) | (isNew ? IFF_TUN_EXCL : 0) | (hasHeader ? IFF_VNET_HDR : 0));
        MemoryMarshal.Write(request[NameSize..], in flags);
        if (Libc.ioctl(descriptor, TUNSETIFF, request) < 0)
        {
            LinuxErrorCode error = Libc.LastError;
            throw new LinuxException($"ioctl TUNSETIFF {name}", error, AttachHint(error, name));
        }

        return Encoding.ASCII.GetString(request[..request.IndexOf((byte)0)]);
    }

    /// <summary>Sets the form of the <see cref="VnetHeader"/>: an interface that persists may have another.</summary>
    internal static void SetHeaderForm(SafeDescriptor descriptor)
    {
        Span<byte> argument = stackalloc byte[sizeof(int)];
        int length = VnetHeader.Length, littleEndian = 1;
        MemoryMarshal.Write(argument, in length);
        if (Libc.ioctl(descriptor, TUNSETVNETHDRSZ, argument) < 0) throw LinuxException.Because(Libc.LastError, "ioctl TUNSETVNETHDRSZ");
        MemoryMarshal.Write(argument, in littleEndian);
        if (Libc.ioctl(descriptor, TUNSETVNETLE, argument) < 0) throw LinuxException.Because(Libc.LastError, "ioctl TUNSETVNETLE");
    }

    /// <summary>Sets what the kernel may leave undone in packets that are read.</summary>
    internal static LinuxErrorCode SetOffloads(SafeDescriptor descriptor, uint flags) =>
        Libc.ioctl(descriptor, TUNSETOFFLOAD, (nuint)flags) < 0 ? Libc.LastError : LinuxErrorCode.None;

    /// <summary>Reads the MTU of an interface in this thread's network namespace.</summary>
    internal static int GetMtu(string name)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        WriteName(request, name);
        Control(Libc.SIOCGIFMTU, $"ioctl SIOCGIFMTU {name}", request);
        return MemoryMarshal.Read<int>(request[NameSize..]);
    }

    /// <summary>Sets the MTU of an interface in this thread's network namespace.</summary>
    internal static void SetMtu(string name, int mtu)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        WriteName(request, name);
        MemoryMarshal.Write(request[NameSize..], in mtu);
        Control(Libc.SIOCSIFMTU, $"ioctl SIOCSIFMTU {name}", request);
    }

    private static void Control(uint request, string call, Span<byte> argument)
    {
        // netdevice(7): any socket will do; a netlink one exists even where IPv4 does not.
        using SafeDescriptor socket = SafeDescriptor.Own(
            Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0), "socket AF_NETLINK");
        if (Libc.ioctl(socket, request, argument) < 0) throw LinuxException.Because(Libc.LastError, call);
    }

    private static void WriteName(Span<byte> request, string name)
    {
        request.Clear();
        if (name.Length is 0 or >= NameSize || !Ascii.IsValid(name) || name.AsSpan().IndexOfAny('/', ' ') >= 0)
            throw new ArgumentException("An interface name has 1 to 15 ASCII characters without '/' or space.", nameof(name));
        Encoding.ASCII.GetBytes(name, request);
    }

    private static string? AttachHint(LinuxErrorCode error, string name) => error switch
    {
        LinuxErrorCode.EPERM => "Run as root, or with the capability CAP_NET_ADMIN",
        LinuxErrorCode.EBUSY => $"Another process uses the interface {name}; stop it or choose another name",
        LinuxErrorCode.EINVAL => $"{name} exists and is not a TUN interface of this kind; choose another name",
        _ => null,
    };
}
