using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Vpr.Wire.Ip;

/// <summary>The checksum of IP, TCP, UDP and ICMP: the ones' complement of the ones' complement sum of 16-bit words.</summary>
/// <remarks>
/// RFC 1071. A partial sum is a number that <see cref="Add(ulong, ReadOnlySpan{byte})"/> and the pseudo-header methods extend; <see cref="Finish"/> folds it.
/// Words are summed as the machine reads them and turned round at the end, which the sum does not mind (RFC 1071 §2(B)).
/// </remarks>
public static partial class InternetChecksum
{
    /// <summary>The checksum of a block whose own checksum field is 0.</summary>
    /// <param name="data">The block; an odd last byte is padded with 0.</param>
    /// <returns>The value for the checksum field, in host order.</returns>
    public static ushort Compute(ReadOnlySpan<byte> data) => Finish(Add(0, data));

    /// <summary>Whether a block that holds its own checksum is whole.</summary>
    /// <param name="partial">The pseudo-header's partial sum, or 0.</param>
    /// <param name="data">The block, checksum included.</param>
    public static bool IsValid(ulong partial, ReadOnlySpan<byte> data) => Finish(Add(partial, data)) == 0;

    /// <summary>The partial sum of an IPv4 pseudo-header.</summary>
    /// <remarks>RFC 9293 §3.1, RFC 768</remarks>
    /// <param name="source">The sender's address, most significant octet first.</param>
    /// <param name="destination">The receiver's address, most significant octet first.</param>
    /// <param name="protocol">The upper layer's protocol.</param>
    /// <param name="length">The upper-layer packet's length in bytes, header included.</param>
    public static ulong PseudoHeader(uint source, uint destination, IpProtocol protocol, int length)
    {
        ulong sum = (ulong)source + destination + (byte)protocol + (uint)length;
        return ToMachineOrder(Fold(sum));
    }

    /// <summary>The partial sum of an IPv6 pseudo-header.</summary>
    /// <remarks>RFC 8200 §8.1</remarks>
    /// <param name="source">The sender's address, most significant octet first.</param>
    /// <param name="destination">The receiver's address, most significant octet first; the final one where a routing header names another.</param>
    /// <param name="protocol">The upper layer's protocol.</param>
    /// <param name="length">The upper-layer packet's length in bytes, header included.</param>
    public static ulong PseudoHeader(UInt128 source, UInt128 destination, IpProtocol protocol, int length)
    {
        ulong sum = (ulong)Fold(Halves(source) + Halves(destination)) + (byte)protocol + (uint)length;
        return ToMachineOrder(Fold(sum));
    }

    /// <summary>Extends a partial sum.</summary>
    /// <param name="partial">The sum so far, of an even number of bytes.</param>
    /// <param name="data">What comes next; an odd last byte is padded with 0, so only the last block may be odd.</param>
    /// <returns>The sum, less than 2^63 for anything that fits in memory.</returns>
    public static ulong Add(ulong partial, ReadOnlySpan<byte> data)
    {
        int vectors = AddVectors(ref partial, data);
        return AddWords(partial, data[vectors..]);
    }

    /// <summary>Extends a partial sum by one 16-bit word, such as a length that took another value.</summary>
    /// <param name="partial">The sum so far, of an even number of bytes.</param>
    /// <param name="word">The word, in host order; its complement takes it out of the sum again.</param>
    public static ulong Add(ulong partial, ushort word) => partial + ToMachineOrder(word);

    /// <summary>Copies a block and extends a partial sum by it, in one pass.</summary>
    /// <param name="partial">The sum so far, of an even number of bytes.</param>
    /// <param name="source">What comes next; an odd last byte is padded with 0, so only the last block may be odd.</param>
    /// <param name="destination">As long as <paramref name="source"/>; the two do not overlap.</param>
    /// <returns>What <see cref="Add(ulong, ReadOnlySpan{byte})"/> returns.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static ulong Copy(ulong partial, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length != destination.Length) Throw.DestinationTooSmall();
        int vectors = CopyVectors(ref partial, source, destination);
        source[vectors..].CopyTo(destination[vectors..]);
        return AddWords(partial, source[vectors..]);
    }

    /// <summary>Folds a partial sum.</summary>
    /// <param name="partial">The sum over all blocks.</param>
    /// <returns>The value for the checksum field, in host order; 0 where the blocks hold their right checksum.</returns>
    public static ushort Finish(ulong partial) => (ushort)(ToMachineOrder(Fold(partial)) ^ 0xFFFF);

    /// <summary>Folds a partial sum for UDP, where a checksum of 0 is sent as 0xffff because 0 means none.</summary>
    /// <remarks>RFC 768, RFC 8200 §8.1</remarks>
    /// <param name="partial">The sum over all blocks.</param>
    /// <returns>The value for the checksum field, in host order; never 0.</returns>
    public static ushort FinishUdp(ulong partial) => Finish(partial) is not 0 and var checksum ? checksum : ushort.MaxValue;

    /// <summary>Folds a partial sum without complementing it: what a checksum field holds whose rest an offload fills in.</summary>
    /// <param name="partial">The pseudo-header's partial sum.</param>
    /// <returns>The value for the checksum field, in host order.</returns>
    public static ushort FinishPartial(ulong partial) => ToMachineOrder(Fold(partial));

    /// <summary>The checksum after one 16-bit word of its block changed.</summary>
    /// <remarks>RFC 1624 §3, equation 3, which is right where the result is 0xffff too.</remarks>
    /// <param name="checksum">The old checksum, in host order.</param>
    /// <param name="oldWord">The word before.</param>
    /// <param name="newWord">The word after.</param>
    public static ushort Update(ushort checksum, ushort oldWord, ushort newWord) =>
        (ushort)(Fold((ulong)(checksum ^ 0xFFFF) + (ulong)(oldWord ^ 0xFFFF) + newWord) ^ 0xFFFF);

    /// <summary>The checksum after one 32-bit word of its block changed, such as an IPv4 address.</summary>
    /// <remarks>RFC 1624 §3</remarks>
    /// <param name="checksum">The old checksum, in host order.</param>
    /// <param name="oldWord">The word before.</param>
    /// <param name="newWord">The word after.</param>
    public static ushort Update(ushort checksum, uint oldWord, uint newWord) =>
        (ushort)(Fold((ulong)(checksum ^ 0xFFFF) + (oldWord ^ 0xFFFF_FFFF) + newWord) ^ 0xFFFF);

    /// <summary>Fills in the header checksum of an IPv4 header.</summary>
    /// <param name="header">The whole header, 20 to 60 bytes, options included.</param>
    public static void WriteIpv4Header(Span<byte> header)
    {
        header[10..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Compute(header));
    }

    // Ones' complement addition: the carries out of 16 bits come back in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }

    private static ulong Halves(UInt128 value)
    {
        ulong upper = (ulong)(value >> 64);
        ulong lower = (ulong)(value & ulong.MaxValue);
        return (upper >> 32) + (upper & 0xFFFF_FFFF) + (lower >> 32) + (lower & 0xFFFF_FFFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort ToMachineOrder(ushort value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
