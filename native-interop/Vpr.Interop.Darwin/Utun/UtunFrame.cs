using System.Buffers.Binary;

namespace Vpr.Interop.Darwin;

/// <summary>What stands in front of every packet of a utun interface: its address family, four bytes in network order.</summary>
/// <remarks>net/if_utun.h; the families are those of sys/socket.h on macOS.</remarks>
internal static class UtunFrame
{
    /// <summary>Bytes of the header.</summary>
    internal const int HeaderLength = 4;

    private const uint AF_INET = 2;
    private const uint AF_INET6 = 30;

    /// <summary>Writes the header for a packet.</summary>
    /// <param name="header">Four bytes.</param>
    /// <param name="firstByte">The packet's first byte, whose upper half is the IP version (RFC 791 §3.1, RFC 8200 §3).</param>
    /// <returns>False when it is no IP packet; nothing is written.</returns>
    internal static bool TryWrite(Span<byte> header, byte firstByte)
    {
        uint family = FamilyOf(firstByte);
        if (family == 0) return false;
        BinaryPrimitives.WriteUInt32BigEndian(header, family);
        return true;
    }

    /// <summary>Whether what was read is a header and an IP packet of the family that it says.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> frame) =>
        frame.Length > HeaderLength && FamilyOf(frame[HeaderLength]) is var family && family != 0 && BinaryPrimitives.ReadUInt32BigEndian(frame) == family;

    private static uint FamilyOf(byte firstByte) => (firstByte >> 4) switch
    {
        4 => AF_INET,
        6 => AF_INET6,
        _ => 0,
    };
}
