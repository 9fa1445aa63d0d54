using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Vpr.Hosting;

namespace Vpr.Server.Configuration;

/// <summary>Which addresses of a pool are whose: the first host address is the server's, the rest are the clients'.</summary>
internal static class PoolAddresses
{
    /// <summary>The server's own address in a pool.</summary>
    public static IPAddress Server(IPNetwork pool) => At(pool, 1);

    /// <summary>The lowest client address that nobody has.</summary>
    /// <exception cref="HostException">The pool is full.</exception>
    public static IPAddress FirstFree(IPNetwork pool, IEnumerable<IPAddress> taken)
    {
        var used = taken.ToHashSet();
        int hostBits = (pool.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - pool.PrefixLength;
        // The last address of an IPv4 network is its broadcast address; in IPv6 leaving it out costs nothing.
        UInt128 last = (UInt128.One << hostBits) - 2;
        for (UInt128 host = 2; host <= last; host++)
        {
            IPAddress address = At(pool, host);
            if (!used.Contains(address)) return address;
        }

        throw new HostException(ExitCode.NameConflict, $"The pool {pool} has no free address: remove a client or enlarge the pool.");
    }

    private static IPAddress At(IPNetwork pool, UInt128 host)
    {
        Span<byte> octets = stackalloc byte[16];
        pool.BaseAddress.TryWriteBytes(octets, out int length);
        if (length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets, BinaryPrimitives.ReadUInt32BigEndian(octets) + (uint)host);
            return new IPAddress(octets[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(octets, BinaryPrimitives.ReadUInt128BigEndian(octets) + host);
        return new IPAddress(octets);
    }
}
