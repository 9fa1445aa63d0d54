using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Vpr.Masque;

/// <summary>An IPv4 or IPv6 address as a value: comparing, ordering and storing one allocates nothing.</summary>
/// <param name="Version">Which of the two.</param>
/// <param name="Value">The address as a number, first octet most significant; below 2^32 for IPv4. Scope identifiers have no place in a tunnel (RFC 9484 §4.6).</param>
public readonly record struct IpAddress(IpVersion Version, UInt128 Value) : IComparable<IpAddress>
{
    /// <summary>How many bits an address of this version has.</summary>
    public int BitLength => Version == IpVersion.V4 ? 32 : 128;

    /// <summary>Whether all bits are zero: the unspecified address.</summary>
    public bool IsUnspecified => Value == UInt128.Zero;

    /// <summary>Whether the address stands for a group, or for all hosts of an IPv4 link.</summary>
    /// <remarks>RFC 5771, RFC 919 §7, RFC 4291 §2.7</remarks>
    public bool IsMulticast => Version == IpVersion.V4 ? (uint)Value >= 0xe000_0000 && ((uint)Value < 0xf000_0000 || (uint)Value == uint.MaxValue)
        : (byte)(Value >> 120) == 0xff;

    /// <summary>Whether the address is this host's own.</summary>
    /// <remarks>RFC 1122 §3.2.1.3, RFC 4291 §2.5.3</remarks>
    public bool IsLoopback => Version == IpVersion.V4 ? (uint)Value >> 24 == 127 : Value == UInt128.One;

    /// <summary>Whether the address means something on one link only: such packets are not forwarded.</summary>
    /// <remarks>RFC 3927 §7, RFC 5771 §4, RFC 4291 §2.5.6 and §2.7</remarks>
    public bool IsLinkLocal => Version == IpVersion.V4
        ? (uint)Value >> 16 == 0xa9fe || (uint)Value >> 8 == 0xe0_0000
        : (ushort)(Value >> 118) == 0xfe80 >> 6 || ((ushort)(Value >> 112) & 0xff0f) is 0xff01 or 0xff02;

    /// <summary>The unspecified address of a version.</summary>
    public static IpAddress Unspecified(IpVersion version) => new(version, UInt128.Zero);

    /// <summary>Reads an address in network byte order.</summary>
    /// <param name="version">Which kind.</param>
    /// <param name="octets">At least 4 or 16 bytes.</param>
    public static IpAddress Read(IpVersion version, ReadOnlySpan<byte> octets) => version == IpVersion.V4
        ? new IpAddress(version, BinaryPrimitives.ReadUInt32BigEndian(octets))
        : new IpAddress(version, BinaryPrimitives.ReadUInt128BigEndian(octets));

    /// <summary>Writes the address in network byte order.</summary>
    /// <param name="destination">At least 4 or 16 bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        if (Version == IpVersion.V4) BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Value);
        else BinaryPrimitives.WriteUInt128BigEndian(destination, Value);
        return BitLength / 8;
    }

    /// <summary>From the framework's type; an IPv4-mapped address becomes IPv4.</summary>
    /// <exception cref="ArgumentException">The address has a scope.</exception>
    public static IpAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork) return Read(IpVersion.V4, octets);
        if (address.ScopeId != 0) throw new ArgumentException("A scoped address means nothing at the other end of a tunnel.", nameof(address));
        return Read(IpVersion.V6, octets);
    }

    /// <summary>The same address as the framework's type; allocates, so for control work alone.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        return new IPAddress(octets[..Write(octets)]);
    }

    /// <summary>Reads the usual text: four decimal numbers, or RFC 4291 §2.2 without a scope.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        address = default;
        if (text is null || text.Contains('%') || !IPAddress.TryParse(text, out IPAddress? parsed)) return false;

        // The framework also takes forms like "1" and "0x7f.1"; four parts of plain decimals are what is meant here.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && (text.AsSpan().Count('.') != 3 || parsed.ToString() != text)) return false;
        address = parsed.AddressFamily == AddressFamily.InterNetwork ? From(parsed) : Read(IpVersion.V6, parsed.GetAddressBytes());
        return true;
    }

    /// <summary>Orders by version and then by number.</summary>
    public int CompareTo(IpAddress other) => Version == other.Version ? Value.CompareTo(other.Value) : Version.CompareTo(other.Version);

    /// <inheritdoc/>
    public override string ToString() => ToIPAddress().ToString();
}
