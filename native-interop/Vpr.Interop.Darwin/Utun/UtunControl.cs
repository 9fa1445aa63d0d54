using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Vpr.Interop.Darwin;

/// <summary>Opens a utun interface: a socket that is connected to the kernel control of that name.</summary>
/// <remarks>sys/kern_control.h, sys/sys_domain.h, net/if_utun.h, net/if.h, sys/sockio.h of macOS</remarks>
internal static class UtunControl
{
    private const int PF_SYSTEM = 32;
    private const byte AF_SYSTEM = 32;
    private const ushort AF_SYS_CONTROL = 2;
    private const int SYSPROTO_CONTROL = 2;
    private const nuint CTLIOCGINFO = 0xC064_4E03;
    private const int UTUN_OPT_IFNAME = 2;
    private const nuint SIOCGIFMTU = 0xC020_6933;
    private const nuint SIOCSIFMTU = 0x8020_6934;

    private const string ControlName = "com.apple.net.utun_control";
    private const string NamePrefix = "utun";

    /// <summary>Bytes of struct ctl_info: a number, then a name of 96.</summary>
    internal const int InfoSize = 100;

    /// <summary>Bytes of struct sockaddr_ctl.</summary>
    internal const int AddressSize = 32;

    /// <summary>Bytes of struct ifreq: a name, then a union of 16.</summary>
    internal const int RequestSize = 32;

    private const int NameSize = 16;

    /// <summary>Opens an interface.</summary>
    /// <param name="unit">Its unit, as <see cref="ParseUnit"/> gives it.</param>
    /// <param name="name">The interface's name.</param>
    /// <exception cref="DarwinException">A step failed.</exception>
    internal static SafeDescriptor Open(uint unit, out string name)
    {
        SafeDescriptor descriptor = SafeDescriptor.Own(DarwinLibc.socket(PF_SYSTEM, DarwinLibc.SOCK_DGRAM, SYSPROTO_CONTROL), "socket PF_SYSTEM");
        try
        {
            Span<byte> info = stackalloc byte[InfoSize];
            WriteInfo(info);
            if (DarwinLibc.Control(descriptor, CTLIOCGINFO, info) < 0) throw new DarwinException(Marshal.GetLastPInvokeError(), "ioctl CTLIOCGINFO");

            Span<byte> address = stackalloc byte[AddressSize];
            WriteAddress(address, MemoryMarshal.Read<uint>(info), unit);
            if (DarwinLibc.connect(descriptor, address, AddressSize) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                throw new DarwinException(error, "connect " + ControlName, ConnectHint(error));
            }

            name = GetName(descriptor);
            descriptor.SetNonBlocking();
            return descriptor;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>The unit of an interface's name: one more than its number, or 0 for the first free one.</summary>
    /// <exception cref="ArgumentException">macOS has no utun interface of this name.</exception>
    internal static uint ParseUnit(string name)
    {
        if (name == NamePrefix) return 0;
        if (name.StartsWith(NamePrefix, StringComparison.Ordinal) && name.Length < NameSize
            && ushort.TryParse(name.AsSpan(NamePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            return number + 1u;
        }

        throw new ArgumentException("A utun interface is called \"utun\" and a number, or \"utun\" for the first free one.", nameof(name));
    }

    /// <summary>Writes struct ctl_info to ask for the number of the control.</summary>
    internal static void WriteInfo(Span<byte> info)
    {
        info.Clear();
        Encoding.ASCII.GetBytes(ControlName, info[sizeof(uint)..]);
    }

    /// <summary>Writes struct sockaddr_ctl.</summary>
    internal static void WriteAddress(Span<byte> address, uint control, uint unit)
    {
        address.Clear();
        ushort kind = AF_SYS_CONTROL;
        address[0] = AddressSize;
        address[1] = AF_SYSTEM;
        MemoryMarshal.Write(address[2..], in kind);
        MemoryMarshal.Write(address[4..], in control);
        MemoryMarshal.Write(address[8..], in unit);
    }

    /// <summary>Writes struct ifreq with an MTU, which a request to read overwrites.</summary>
    internal static void WriteRequest(Span<byte> request, string name, int mtu)
    {
        request.Clear();
        Encoding.ASCII.GetBytes(name, request[..(NameSize - 1)]);
        MemoryMarshal.Write(request[NameSize..], in mtu);
    }

    /// <summary>Reads the MTU of an interface.</summary>
    internal static int GetMtu(string name) => ControlMtu(SIOCGIFMTU, "ioctl SIOCGIFMTU", name, 0);

    /// <summary>Sets the MTU of an interface.</summary>
    internal static void SetMtu(string name, int mtu) => ControlMtu(SIOCSIFMTU, "ioctl SIOCSIFMTU", name, mtu);

    private static int ControlMtu(nuint request, string call, string name, int mtu)
    {
        Span<byte> argument = stackalloc byte[RequestSize];
        WriteRequest(argument, name, mtu);
        using SafeDescriptor socket = SafeDescriptor.Own(DarwinLibc.socket(DarwinLibc.AF_INET, DarwinLibc.SOCK_DGRAM, 0), "socket AF_INET");
        if (DarwinLibc.Control(socket, request, argument) < 0) throw new DarwinException(Marshal.GetLastPInvokeError(), call);
        return MemoryMarshal.Read<int>(argument[NameSize..]);
    }

    private static string GetName(SafeDescriptor descriptor)
    {
        Span<byte> name = stackalloc byte[NameSize];
        name.Clear();
        uint length = NameSize;
        if (DarwinLibc.getsockopt(descriptor, SYSPROTO_CONTROL, UTUN_OPT_IFNAME, name, ref length) < 0)
            throw new DarwinException(Marshal.GetLastPInvokeError(), "getsockopt UTUN_OPT_IFNAME");
        int end = name.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
    }

    private static string? ConnectHint(int error) => error switch
    {
        ErrorNumber.EPERM or ErrorNumber.EACCES => "Run as root",
        ErrorNumber.EBUSY => "Another process uses this interface; stop it or choose another number",
        _ => null,
    };
}
