using System.Buffers;
using Vpr.Fuzz.Targets;
using Vpr.Wire.Http3;

namespace Vpr.Wire.Tests.Http3;

[Trait("rfc", "9114 §7.2")]
public class Http3FrameTests
{
    [Fact]
    [Trait("rfc", "9114 §7.2.4")]
    public void SettingsAreReadAndWritten()
    {
        byte[] frame = Hex.Bytes("04 09 08 01 33 01 06 8000ffff");
        SettingsFrame settings = Samples.Parse<SettingsFrame>(frame);
        var seen = new List<Setting>();
        foreach (Setting setting in settings.Settings)
            seen.Add(setting);
        Assert.Equal(
            [new(SettingIdentifier.EnableConnectProtocol, 1), new(SettingIdentifier.H3Datagram, 1), new(SettingIdentifier.MaxFieldSectionSize, 65_535)],
            seen);
        byte[] written = Samples.Write(new SettingsFrame { Settings = WireList.Create(seen.ToArray(), new byte[64]) });
        Assert.Equal(frame, written);
        Samples.Refuse<SettingsFrame>(Hex.Bytes("04 01 08"));
    }

    [Fact]
    [Trait("rfc", "9114 §7.1")]
    public void ALengthThatDoesNotFitItsFrameIsMalformed()
    {
        var visitor = new Http3FrameVisitor();
        Assert.Equal(WireStatus.Malformed, Http3Frame.Dispatch(Hex.Bytes("07 02 04 00"), ref visitor, out int consumed));
        Assert.Equal(0, consumed);
        Assert.Equal(WireStatus.Malformed, Http3Frame.Dispatch(Hex.Bytes("07 00"), ref visitor, out _));
        Assert.Equal(WireStatus.Done, Http3Frame.Dispatch(Hex.Bytes("07 01 04"), ref visitor, out _));
        Assert.Equal(WireStatus.Unknown, Http3Frame.Dispatch(Hex.Bytes("21 01 04"), ref visitor, out _));
    }

    [Fact]
    [Trait("rfc", "9114 §7.2.1")]
    public void TheHeadOfADataFrameIsReadAlone()
    {
        byte[] head = Hex.Bytes("00 c000000100000000");
        Assert.Equal(OperationStatus.Done, Http3Frame.TryParseHeader(head, out ulong type, out ulong length, out int consumed));
        Assert.Equal((0UL, 1UL << 32, 9), (type, length, consumed));
        for (int cut = 0; cut < head.Length; cut++)
            Assert.Equal(OperationStatus.NeedMoreData, Http3Frame.TryParseHeader(head.AsSpan(0, cut), out _, out _, out _));
    }
}
