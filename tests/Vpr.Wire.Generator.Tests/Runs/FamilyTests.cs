using System.Buffers;
using System.Text;
using Vpr.Testing;
using Vpr.Wire.Generator.Tests.Samples;

namespace Vpr.Wire.Generator.Tests.Runs;

/// <summary>Members with their envelopes, and the dispatchers over them, compiled and run.</summary>
public sealed class FamilyTests
{
    [Fact]
    public void Type_flags_say_which_parts_are_there()
    {
        byte[] data = [0xDD, 0xEE];
        Encoding.Check(new StreamFrame { Stream = new StreamId(4), Data = data }, "08 04 DDEE", hasEnd: false);
        Encoding.Check(new StreamFrame { HasOffset = true, HasLength = true, Fin = true, Stream = new StreamId(4), Offset = 64, Data = data }, "0F 04 4040 02 DDEE");
        Encoding.Check(new DatagramFrame { Data = data }, "30 DDEE", hasEnd: false);
        Encoding.Check(new DatagramFrame { HasLength = true, Data = data }, "31 02 DDEE");
    }

    [Fact]
    public void A_part_can_depend_on_a_flag_that_is_clear()
    {
        Encoding.Check(new CloseFrame { Error = ErrorCode.InternalError, FrameType = 0x08, Reason = "no"u8 }, "1C 01 08 02 6E6F");
        Encoding.Check(new CloseFrame { IsApplication = true, Error = ErrorCode.InternalError, Reason = "no"u8 }, "1D 01 02 6E6F");
    }

    [Fact]
    public void A_list_has_as_many_elements_as_its_count()
    {
        byte[] buffer = new byte[32];
        WireList<AckRange> ranges = WireList.Create<AckRange>([new(1, 2), new(64, 3)], buffer);
        Encoding.Check(new AckFrame { LargestAcknowledged = 9, Delay = 8, RangeCount = 2, FirstRange = 7, Ranges = ranges }, "02 09 08 02 07 0102 404003");
        Encoding.Check(new AckFrame { HasEcn = true, LargestAcknowledged = 9, RangeCount = 2, Ranges = ranges, Ect0 = 1, Ect1 = 2, Ce = 3 },
            "03 09 00 02 00 0102 404003 010203");
        Assert.Equal("Ranges", Encoding.Misuse(new AckFrame { RangeCount = 3, Ranges = ranges }));
        Assert.False(Encoding.Parses<AckFrame>("02 09 08 FFFFFFFFFFFFFFFF 07 0102"));
    }

    [Theory]
    [InlineData("18 01 00 00 000102030405060708090A0B0C0D0E0F", false)] // no connection ID
    [InlineData("18 01 00 01 EE 000102030405060708090A0B0C0D0E0F", true)]
    [InlineData("18 01 00 15 000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708", false)] // 21 bytes
    [InlineData("19 01 00 01 EE 000102030405060708090A0B0C0D0E0F", false)] // another type
    [InlineData("4018 01 00 01 EE 000102030405060708090A0B0C0D0E0F", false)] // type in two bytes
    public void A_frame_is_checked(string hex, bool parses) => Assert.Equal(parses, Encoding.Parses<NewConnectionIdFrame>(hex));

    [Fact]
    public void Frames_one_behind_the_other()
    {
        var seen = new Seen();
        byte[] source = Encoding.Bytes("01 10 4100 0A 04 01 DD 1C 00 00 00 30 DDEE");
        Assert.Equal(WireStatus.Done, Frame.DispatchAll(source, ref seen, out int consumed));
        Assert.Equal(source.Length, consumed);
        Assert.Equal("ping max-data:256 stream:4:DD close:NoError datagram:DDEE ", seen.Log);
    }

    [Theory]
    [InlineData("", WireStatus.Malformed, 0, "")]
    [InlineData("10", WireStatus.Malformed, 0, "")]
    [InlineData("4001", WireStatus.Malformed, 0, "")]
    [InlineData("20 0102", WireStatus.Unknown, 0, "unknown:20:0102 ")]
    [InlineData("21 0102", WireStatus.Stopped, 0, "unknown:21:0102 ")]
    [InlineData("0100", WireStatus.Done, 1, "ping ")]
    [InlineData("1007", WireStatus.Stopped, 2, "max-data:7 ")]
    public void A_dispatcher_says_what_became_of_a_frame(string hex, WireStatus expected, int length, string log)
    {
        var seen = new Seen();
        Assert.Equal(expected, Frame.Dispatch(Encoding.Bytes(hex), ref seen, out int consumed));
        Assert.Equal(length, consumed);
        Assert.Equal(log, seen.Log);
    }

    [Theory]
    [InlineData("", WireStatus.NeedMoreData, 0, "")]
    [InlineData("5B", WireStatus.NeedMoreData, 0, "")]
    [InlineData("00", WireStatus.NeedMoreData, 0, "")]
    [InlineData("00 FFFFFFFFFFFFFFFF DD", WireStatus.NeedMoreData, 0, "")]
    [InlineData("00 02 DD", WireStatus.NeedMoreData, 0, "")]
    [InlineData("00 02 DDEE FF", WireStatus.Done, 4, "datagram:DDEE ")]
    [InlineData("4000 4002 DDEE FF", WireStatus.Done, 6, "datagram:DDEE ")] // longer forms are allowed here
    [InlineData("5B7F 05 01 00000002", WireStatus.Done, 8, "epoch:1:2 ")]
    [InlineData("5B7F 06 01 00000002 00", WireStatus.Malformed, 0, "")] // more than the structure
    [InlineData("5B7F 04 01 000000", WireStatus.Malformed, 0, "")] // less than the structure
    [InlineData("01 07 00 04 C0000201 20", WireStatus.Done, 9, "addresses:1 ")]
    [InlineData("01 00", WireStatus.Done, 2, "addresses:0 ")]
    [InlineData("01 08 00 04 C0000201 20 01", WireStatus.Malformed, 0, "")] // second address cut short by the capsule's end
    [InlineData("20 01 DD", WireStatus.Unknown, 3, "unknown:20:DD ")]
    [InlineData("21 01 DD", WireStatus.Stopped, 3, "unknown:21:DD ")]
    public void An_envelope_tells_more_data_from_malformed(string hex, WireStatus expected, int length, string log)
    {
        var seen = new Seen();
        Assert.Equal(expected, Capsule.Dispatch(Encoding.Bytes(hex), ref seen, out int consumed));
        Assert.Equal(length, consumed);
        Assert.Equal(log, seen.Log);
    }

    [Fact]
    public void A_header_can_be_read_before_its_body()
    {
        Assert.Equal(OperationStatus.Done, Capsule.TryParseHeader(Encoding.Bytes("00 BFFFFFFF"), out ulong type, out ulong length, out int consumed));
        Assert.Equal((0UL, 0x3FFFFFFFUL, 5), (type, length, consumed));
        Assert.Equal(OperationStatus.NeedMoreData, Capsule.TryParseHeader(Encoding.Bytes("00 BFFFFF"), out _, out _, out consumed));
        Assert.Equal(0, consumed);

        byte[] destination = new byte[5];
        Assert.Equal(5, Capsule.HeaderLength(0, 0x3FFFFFFF));
        Assert.Equal(5, Capsule.WriteHeader(destination, 0, 0x3FFFFFFF));
        Assert.Equal("00BFFFFFFF", Convert.ToHexString(destination));
        Assert.Throws<ArgumentException>(() => Capsule.WriteHeader(new byte[4], 0, 0x3FFFFFFF));
        Assert.Throws<ArgumentOutOfRangeException>(() => Handshake.WriteHeader(new byte[9], 1, 1 << 24));
    }

    [Fact]
    public void A_member_with_a_fixed_body_has_a_fixed_envelope() => Encoding.Check(new EpochCapsule(1, 2), "5B7F 05 01 00000002");

    [Fact]
    public void Handshake_messages_and_extensions_nest()
    {
        byte[] buffer = new byte[64], extensions = new byte[64];
        var writer = new WireWriter(extensions);
        writer.Write(new SelectedVersionExtension(0x0304));
        var shares = new WireWriter(buffer);
        shares.Write(new KeyShare { Group = 0x001D, Key = "key"u8 });
        Assert.True(WireList<KeyShare>.TryParse(shares.Written, out WireList<KeyShare> list));
        writer.Write(new KeyShareExtension { Shares = list });
        Assert.Equal("002B00020304" + "003300090007001D00036B6579", Convert.ToHexString(writer.Written));

        WireScalarList<CipherSuite> suites = WireScalarList<CipherSuite>.Create([CipherSuite.Aes128GcmSha256, CipherSuite.Aes256GcmSha384], new byte[4]);
        Encoding.Check(
            new ClientHello { Random = new byte[32], SessionId = [7], CipherSuites = suites, CompressionMethods = [0], Extensions = writer.Written },
            $"01 000041 0303 {new string('0', 64)} 0107 0004 13011302 0100 0013 002B00020304 003300090007001D00036B6579");
    }

    [Theory]
    [InlineData("002B 0002 0300", true)]
    [InlineData("002B 0002 0305", false)]
    [InlineData("002B 0002 02FF", false)]
    [InlineData("002B 0003 0303 00", false)] // body not used up
    [InlineData("0033 0002 0303", false)] // another extension
    public void An_extension_is_checked(string hex, bool parses) => Assert.Equal(parses, Encoding.Parses<SelectedVersionExtension>(hex));

    [Fact]
    public void A_type_can_come_from_elsewhere()
    {
        var seen = new Seen();
        Assert.Equal(WireStatus.Done, NextHeader.Dispatch(0, Encoding.Bytes("1101 0102030405060708 FF"), ref seen, out int consumed));
        Assert.Equal(10, consumed);
        Assert.Equal(WireStatus.Done, NextHeader.Dispatch(17, Encoding.Bytes("0035 1234 0008 0000"), ref seen, out consumed));
        Assert.Equal(8, consumed);
        Assert.Equal(WireStatus.Malformed, NextHeader.Dispatch(17, Encoding.Bytes("0035"), ref seen, out consumed));
        Assert.Equal(WireStatus.Unknown, NextHeader.Dispatch(99, Encoding.Bytes("0035"), ref seen, out consumed));
        Assert.Equal(0, consumed);
        Assert.Equal("options:Udp udp:53 unknown:63:0035 ", seen.Log);
        Encoding.Check(new UdpHeader(53, 0x1234, 8, 0), "0035 1234 0008 0000");
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] source = Encoding.Bytes("01 10 4100 03 09 08 02 07 0102 404003 010203 0F 04 4040 02 DDEE 30 DDEE");
        byte[] destination = new byte[64];
        var count = new Count();
        int runs = 0;
        Allocations.AssertNone(Work);
        Assert.Equal(5 * runs, count.Frames);

        void Work()
        {
            runs++;
            Frame.DispatchAll(source, ref count, out _);
            StreamFrame.TryParse(Source, out StreamFrame frame, out _);
            frame.Write(destination);
        }
    }

    private static ReadOnlySpan<byte> Source => [0x0F, 0x04, 0x40, 0x40, 0x01, 0xDD];

    private struct Seen : IFrameVisitor, ICapsuleVisitor, INextHeaderVisitor
    {
        private StringBuilder? _log;

        public string Log => _log?.ToString() ?? "";

        public bool Visit(in PingFrame member) => Saw("ping");

        public bool Visit(in MaxDataFrame member) => Saw($"max-data:{member.MaximumData}") && member.MaximumData != 7;

        public bool Visit(in AckFrame member) => Saw($"ack:{member.LargestAcknowledged}");

        public bool Visit(in StreamFrame member) => Saw($"stream:{member.Stream.Value}:{Convert.ToHexString(member.Data)}");

        public bool Visit(in DatagramFrame member) => Saw($"datagram:{Convert.ToHexString(member.Data)}");

        public bool Visit(in CloseFrame member) => Saw($"close:{member.Error}");

        public bool Visit(in NewConnectionIdFrame member) => Saw($"new-id:{member.Sequence}");

        public bool Visit(in DatagramCapsule member) => Saw($"datagram:{Convert.ToHexString(member.Payload)}");

        public bool Visit(in AddressAssignCapsule member) => Saw($"addresses:{member.Addresses.Count}");

        public bool Visit(in EpochCapsule member) => Saw($"epoch:{member.Epoch}:{member.Count}");

        public bool Visit(in UdpHeader member) => Saw($"udp:{member.SourcePort}");

        public bool Visit(in HopByHopHeader member) => Saw($"options:{member.Next}");

        public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => Saw($"unknown:{type:x}:{Convert.ToHexString(body)}") && type != 0x21;

        private bool Saw(string what)
        {
            (_log ??= new StringBuilder()).Append(what).Append(' ');
            return true;
        }
    }

    private struct Count : IFrameVisitor
    {
        public int Frames;

        public bool Visit(in PingFrame member) => ++Frames > 0;

        public bool Visit(in MaxDataFrame member) => ++Frames > 0;

        public bool Visit(in AckFrame member)
        {
            foreach (AckRange range in member.Ranges)
            {
                if (range.Length == 0)
                    return false;
            }
            return ++Frames > 0;
        }

        public bool Visit(in StreamFrame member) => ++Frames > 0;

        public bool Visit(in DatagramFrame member) => ++Frames > 0;

        public bool Visit(in CloseFrame member) => ++Frames > 0;

        public bool Visit(in NewConnectionIdFrame member) => ++Frames > 0;

        public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => false;
    }
}
