using System.Buffers.Binary;

namespace Vpr.Masque;

/// <summary>The one's-complement sum of 16-bit words that IPv4 and ICMP carry.</summary>
/// <remarks>RFC 1071</remarks>
internal static class InternetChecksum
{
    /// <summary>Adds bytes to a sum; only the last piece may have an odd length.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 4; bytes = bytes[4..]) sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }

        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }

    /// <summary>Folds the sum to 16 bits and complements it.</summary>
    public static ushort Finish(ulong sum)
    {
        sum = (sum >> 32) + (sum & 0xffff_ffff);
        for (; sum >> 16 != 0; sum = (sum >> 16) + (sum & 0xffff))
        {
        }

        return (ushort)~sum;
    }
}
