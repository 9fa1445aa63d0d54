using System.Buffers.Binary;
using FsCheck.Xunit;
using Vpr.Wire.Ip;

namespace Vpr.Wire.Tests.Ip;

[Trait("rfc", "1071")]
public class InternetChecksumTests
{
    [Fact]
    [Trait("rfc", "1071 §3")]
    public void TheSampleOfTheRfcIsSummed() =>
        Assert.Equal(0xDDF2 ^ 0xFFFF, InternetChecksum.Compute(Hex.Bytes("0001f203f4f5f6f7")));

    [Fact]
    public void AnIpv4HeaderIsFilledIn()
    {
        byte[] header = Hex.Bytes("4500003c1c4640004006ffffac100a63ac100a0c");
        InternetChecksum.WriteIpv4Header(header);
        Assert.Equal(Hex.Bytes("b1e6"), header[10..12]);
        Assert.True(InternetChecksum.IsValid(0, header));
    }

    [Fact]
    [Trait("rfc", "9293 §3.1")]
    public void ATcpSegmentIsCheckedWithItsPseudoHeader()
    {
        byte[] segment = Hex.Bytes("c00001bb0102030400000000a0c2faf019fd0000020405b40402080a000000010000000001030307");
        ulong pseudo = InternetChecksum.PseudoHeader(0xAC100A63u, 0xAC100A0Cu, IpProtocol.Tcp, segment.Length);
        Assert.True(InternetChecksum.IsValid(pseudo, segment));
        segment.AsSpan(TcpHeader.ChecksumOffset, 2).Clear();
        Assert.Equal(0x19FD, InternetChecksum.Finish(InternetChecksum.Add(pseudo, segment)));
        // What an offload finds in the field is the pseudo-header's sum, and finishes it by summing the segment with it.
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(TcpHeader.ChecksumOffset), InternetChecksum.FinishPartial(pseudo));
        Assert.Equal(0x19FD, InternetChecksum.Compute(segment));
    }

    [Fact]
    [Trait("rfc", "768")]
    public void AUdpChecksumIsNeverZero()
    {
        Assert.Equal(0xFFFF, InternetChecksum.FinishUdp(InternetChecksum.Add(0, Hex.Bytes("ffff"))));
        Assert.Equal(0x9F57, InternetChecksum.FinishUdp(InternetChecksum.Add(
            InternetChecksum.PseudoHeader(0xAC100A63u, 0xAC100A0Cu, IpProtocol.Udp, 12), Hex.Bytes("14e90035000c000070696e67"))));
    }

    [Property(Replay = "(20261122,3)")]
    public bool VectorsAndWordsGiveOneSum(byte[] seed, ushort length)
    {
        // Lengths around and far above every vector width, odd ones among them.
        byte[] data = new byte[length % 2048];
        for (int i = 0; i < data.Length; i++)
            data[i] = (byte)(seed.Length == 0 ? 0xFF : seed[i % seed.Length] + i & 0xFF);
        uint sum = 0;
        for (int i = 0; i < data.Length; i++)
            sum += i % 2 == 0 ? (uint)data[i] << 8 : data[i];
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        byte[] copy = new byte[data.Length];
        return InternetChecksum.Compute(data) == (ushort)(sum ^ 0xFFFF)
            && InternetChecksum.Finish(InternetChecksum.Copy(0, data, copy)) == (ushort)(sum ^ 0xFFFF) && copy.SequenceEqual(data);
    }

    [Fact]
    public void ABlockOfOnesDoesNotLoseACarry() =>
        Assert.Equal(0, InternetChecksum.Compute(Enumerable.Repeat((byte)0xFF, 1 << 20).ToArray()));

    [Property(Replay = "(20261122,5)")]
    [Trait("rfc", "1624 §3")]
    public bool AnUpdateIsTheSumOfTheChangedBlock(uint before, uint after, uint other)
    {
        Span<byte> block = stackalloc byte[8];
        // Not all zero: then both zeroes of ones' complement could be meant.
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], other | 1);
        BinaryPrimitives.WriteUInt32BigEndian(block, before);
        ushort checksum = InternetChecksum.Compute(block);
        BinaryPrimitives.WriteUInt32BigEndian(block, after);
        ushort expected = InternetChecksum.Compute(block);
        ushort halves = InternetChecksum.Update(checksum, (ushort)(before >> 16), (ushort)(after >> 16));
        halves = InternetChecksum.Update(halves, (ushort)(before & 0xFFFF), (ushort)(after & 0xFFFF));
        return InternetChecksum.Update(checksum, before, after) == expected && halves == expected;
    }

    [Fact]
    [Trait("rfc", "1624 §4")]
    public void TheSampleOfTheRfcIsUpdated() =>
        Assert.Equal(0x0000, InternetChecksum.Update((ushort)0xDD2F, (ushort)0x5555, (ushort)0x3285));
}
