using Vpr.Wire.Quic;

namespace Vpr.Wire.Tests.Quic;

public class FrameTests
{
    [Fact]
    [Trait("rfc", "9001 §A.2")]
    public void TheClientsCryptoFrameIsRead()
    {
        CryptoFrame frame = Samples.Parse<CryptoFrame>([.. Hex.Bytes("060040f1010000ed0303"), .. new byte[235]]);
        Assert.Equal(0UL, frame.Offset);
        Assert.Equal(241, frame.Data.Length);
    }

    [Fact]
    [Trait("rfc", "9001 §A.3")]
    public void TheServersAckFrameIsRead()
    {
        AckFrame frame = Samples.Parse<AckFrame>(Hex.Bytes("0200000000"));
        AssertRanges(frame, new PacketNumberRange(0, 0));
    }

    [Fact]
    [Trait("rfc", "9000 §19.3.1")]
    public void AckRangesCountDown()
    {
        // largest = previous smallest - gap - 2: 95 - 0 - 2 = 93, and 92 - 2 - 2 = 88.
        AckFrame frame = Samples.Parse<AckFrame>(Hex.Bytes("02 4064 00 02 05 00 01 02 03"));
        AssertRanges(frame, new PacketNumberRange(95, 100), new PacketNumberRange(92, 93), new PacketNumberRange(85, 88));
    }

    [Fact]
    [Trait("rfc", "9000 §19.3.2")]
    public void EcnCountsFollowTheRanges()
    {
        AckFrame frame = Samples.Parse<AckFrame>(Hex.Bytes("03 0a 00 00 00 01 02 4040"));
        Assert.True(frame.HasEcnCounts);
        Assert.Equal(new EcnCounts(1, 2, 64), frame.EcnCounts);
    }

    [Theory]
    [Trait("rfc", "9000 §19.3.1")]
    [InlineData("02 05 00 00 06")]
    [InlineData("02 05 00 01 03 01 00")]
    [InlineData("02 05 00 01 03 00 01")]
    [InlineData("02 05 00 01 00 ffffffffffffffff ffffffffffffffff")]
    [InlineData("02 05 00 ffffffffffffffff 00 00 00")]
    public void RangesBelowPacketZeroAreRefused(string hex) => Samples.Refuse<AckFrame>(Hex.Bytes(hex));

    [Fact]
    [Trait("rfc", "9000 §19.3")]
    public void AnAckFrameOfRangesHoldsAsManyAsFit()
    {
        PacketNumberRange[] ranges = [.. Enumerable.Range(0, 100).Select(i => new PacketNumberRange((ulong)(10_000 - (100 * i)), (ulong)(10_040 - (100 * i))))];
        byte[] whole = new byte[1000];
        int length = AckFrame.Write(whole, ranges, 17, new EcnCounts(1, 2, 3), out _);
        AckFrame all = Samples.Parse<AckFrame>(whole[..length]);
        AssertRanges(all, ranges);
        Assert.Equal(17UL, all.AckDelay);
        for (int room = 0; room <= length; room++)
        {
            byte[] destination = new byte[room];
            int written = AckFrame.Write(destination, ranges, 17, new EcnCounts(1, 2, 3), out int told);
            if (written == 0)
            {
                Assert.True(room < 9);
                continue;
            }
            AckFrame some = Samples.Parse<AckFrame>(destination[..written]);
            AssertRanges(some, ranges[..(int)(some.AckRangeCount + 1)]);
            Assert.Equal((ulong)told, some.AckRangeCount + 1);
            // One more range is two bytes, three where the count grows with it.
            Assert.True(some.AckRangeCount == 99 || written + 2 >= room);
        }
    }

    [Fact]
    public void RangesThatTouchCannotBeWritten()
    {
        PacketNumberRange[] touching = [new(5, 9), new(2, 4)];
        Assert.ThrowsAny<ArgumentException>(() => AckFrame.Write(new byte[100], touching, 0, null, out _));
        PacketNumberRange[] rising = [new(5, 9), new(12, 14)];
        Assert.ThrowsAny<ArgumentException>(() => AckFrame.Write(new byte[100], rising, 0, null, out _));
        Assert.ThrowsAny<ArgumentException>(() => AckFrame.Write(new byte[100], [], 0, null, out _));
    }

    [Theory]
    [Trait("rfc", "9000 §19.8")]
    [InlineData("08 04 616263", 0, "abc", false)]
    [InlineData("0b 04 03 616263", 0, "abc", true)]
    [InlineData("0e 04 4040 03 616263", 64, "abc", false)]
    [InlineData("0d 04 05", 5, "", true)]
    public void AStreamFramesTypeSaysWhatItHolds(string hex, ulong offset, string data, bool fin)
    {
        StreamFrame frame = Samples.Parse<StreamFrame>(Hex.Bytes(hex));
        Assert.Equal((4UL, offset, fin), (frame.StreamId, frame.Offset, frame.Fin));
        Assert.Equal(data, System.Text.Encoding.ASCII.GetString(frame.Data));
    }

    [Fact]
    [Trait("rfc", "9221 §4")]
    public void ADatagramFrameMayHaveItsLength()
    {
        Assert.Equal(3, Samples.Parse<DatagramFrame>(Hex.Bytes("30 616263")).Data.Length);
        Assert.True(DatagramFrame.TryParse(Hex.Bytes("31 02 616263"), out DatagramFrame frame, out int consumed));
        Assert.Equal((2, 4), (frame.Data.Length, consumed));
        Samples.Refuse<DatagramFrame>(Hex.Bytes("31 04 616263"));
    }

    [Fact]
    [Trait("rfc", "9000 §19.19")]
    public void AnApplicationsCloseHasNoFrameType()
    {
        ConnectionCloseFrame transport = Samples.Parse<ConnectionCloseFrame>(Hex.Bytes("1c 0a 06 02 6f6b"));
        Assert.Equal((false, 10UL, 6UL), (transport.IsApplication, transport.ErrorCode, transport.FrameType));
        ConnectionCloseFrame application = Samples.Parse<ConnectionCloseFrame>(Hex.Bytes("1d 4100 02 6f6b"));
        Assert.Equal((true, 256UL, 0UL), (application.IsApplication, application.ErrorCode, application.FrameType));
        Assert.Equal("ok"u8.ToArray(), application.ReasonPhrase.ToArray());
    }

    [Theory]
    [Trait("rfc", "9000 §19.15")]
    [InlineData("18 02 02 01 aa", true)]
    [InlineData("18 02 03 01 aa", false)]
    [InlineData("18 02 02 00", false)]
    public void ANewConnectionIdRetiresNoneAboveItself(string hex, bool parses) =>
        Assert.Equal(parses, NewConnectionIdFrame.TryParse([.. Hex.Bytes(hex), .. new byte[16]], out _, out _));

    [Fact]
    [Trait("rfc", "9000 §12.4")]
    public void AFrameTypeInMoreBytesThanItNeedsIsMalformed()
    {
        var visitor = new Vpr.Fuzz.Targets.QuicFrameVisitor();
        Assert.Equal(WireStatus.Malformed, QuicFrame.Dispatch(Hex.Bytes("4001"), ref visitor, out _));
        Assert.Equal(WireStatus.Done, QuicFrame.Dispatch(Hex.Bytes("01"), ref visitor, out _));
        Assert.Equal(WireStatus.Unknown, QuicFrame.Dispatch(Hex.Bytes("21"), ref visitor, out int consumed));
        Assert.Equal(0, consumed);
    }

    [Fact]
    public void AnAckFrequencyFrameHasATypeOfTwoBytes()
    {
        AckFrequencyFrame frame = Samples.Parse<AckFrequencyFrame>(Hex.Bytes("40af 07 3f 800061a8 03"));
        Assert.Equal(new AckFrequencyFrame(7, 63, 25_000, 3), frame);
        AckFrequencyFrame largest = new(VarInt.Max, VarInt.Max, VarInt.Max, VarInt.Max);
        Assert.Equal(largest, Samples.Parse<AckFrequencyFrame>([0x40, 0xAF, .. Enumerable.Repeat((byte)0xFF, 32)]));
        Samples.Refuse<AckFrequencyFrame>(Hex.Bytes("800000af 07 3f 800061a8 03"));
        Samples.Refuse<AckFrequencyFrame>(Hex.Bytes("40af 07 3f 800061a8"));
        Samples.Parse<ImmediateAckFrame>(Hex.Bytes("1f"));
        Samples.Refuse<ImmediateAckFrame>(Hex.Bytes("401f"));
    }

    [Theory]
    [Trait("rfc", "9000 §19.1")]
    [InlineData("", 0)]
    [InlineData("000000", 3)]
    [InlineData("000001", 2)]
    [InlineData("01", 0)]
    public void PaddingIsPassedOverInRuns(string hex, int run) => Assert.Equal(run, PaddingFrame.RunLength(Hex.Bytes(hex)));

    [Fact]
    public void AWriterRefusesWhatAParserWould()
    {
        Assert.ThrowsAny<ArgumentException>(() => new NewTokenFrame().Write(new byte[10]));
        Assert.ThrowsAny<ArgumentException>(() => new MaxStreamsFrame(false, (1UL << 60) + 1).Write(new byte[10]));
        Assert.ThrowsAny<ArgumentException>(() => new NewConnectionIdFrame { ConnectionId = new byte[21], StatelessResetToken = new byte[16] }.Write(new byte[100]));
        Assert.ThrowsAny<ArgumentException>(() => new AckFrame { LargestAcknowledged = 1, FirstAckRange = 2 }.Write(new byte[100]));
    }

    private static void AssertRanges(AckFrame frame, params PacketNumberRange[] expected)
    {
        var actual = new List<PacketNumberRange>();
        foreach (PacketNumberRange range in frame)
            actual.Add(range);
        Assert.Equal(expected, actual);
    }
}
