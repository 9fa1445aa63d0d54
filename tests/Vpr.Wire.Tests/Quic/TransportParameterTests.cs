using Vpr.Wire.Quic;

namespace Vpr.Wire.Tests.Quic;

[Trait("rfc", "9000 §18")]
public class TransportParameterTests
{
    [Fact]
    [Trait("rfc", "9001 §A.2")]
    public void TheClientsParametersAreRead()
    {
        ReadOnlySpan<byte> rest = Hex.Bytes(
            "0408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff");
        Assert.Equal(VarInt.Max, Next<InitialMaxDataParameter>(ref rest).Bytes);
        Assert.Equal(65_535UL, Next<InitialMaxStreamDataBidiLocalParameter>(ref rest).Bytes);
        Assert.Equal(65_535UL, Next<InitialMaxStreamDataUniParameter>(ref rest).Bytes);
        Assert.Equal(16UL, Next<InitialMaxStreamsBidiParameter>(ref rest).Streams);
        Assert.Equal(30_000UL, Next<MaxIdleTimeoutParameter>(ref rest).Milliseconds);
        Assert.Equal(16UL, Next<InitialMaxStreamsUniParameter>(ref rest).Streams);
        Assert.Equal(Hex.Bytes("8394c8f03e515708"), Next<InitialSourceConnectionIdParameter>(ref rest).ConnectionId.ToArray());
        Assert.Equal(65_535UL, Next<InitialMaxStreamDataBidiRemoteParameter>(ref rest).Bytes);
        Assert.True(rest.IsEmpty);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void AConnectionIdHasAtMost20Bytes(int length, bool parses)
    {
        byte[] body = new byte[length];
        Assert.Equal(parses, OriginalDestinationConnectionIdParameter.TryParse([0x00, (byte)length, .. body], out _, out _));
        Assert.Equal(parses, InitialSourceConnectionIdParameter.TryParse([0x0F, (byte)length, .. body], out _, out _));
        Assert.Equal(parses, RetrySourceConnectionIdParameter.TryParse([0x10, (byte)length, .. body], out _, out _));
    }

    [Fact]
    public void AParametersLengthIsUsedUp()
    {
        Samples.Refuse<MaxIdleTimeoutParameter>(Hex.Bytes("01 02 05 00"));
        Samples.Refuse<MaxIdleTimeoutParameter>(Hex.Bytes("01 01 40 05"));
        Samples.Refuse<DisableActiveMigrationParameter>(Hex.Bytes("0c 01 00"));
        Samples.Refuse<StatelessResetTokenParameter>([0x02, 15, .. new byte[15]]);
        Samples.Refuse<StatelessResetTokenParameter>([0x02, 17, .. new byte[17]]);
    }

    [Fact]
    [Trait("rfc", "9287 §3")]
    public void TheGreaseBitIsAnEmptyParameter() => Samples.Parse<GreaseQuicBitParameter>(Hex.Bytes("6ab2 00"));

    [Fact]
    public void TheLeastAckDelayHasAnIdentifierOfEightBytes()
    {
        Assert.Equal(1000UL, Samples.Parse<MinAckDelayParameter>(Hex.Bytes("c0000000ff04de1b 02 43e8")).Microseconds);
        Assert.Equal(VarInt.Max, Samples.Parse<MinAckDelayParameter>(Hex.Bytes("c0000000ff04de1b 08 ffffffffffffffff")).Microseconds);
        Samples.Refuse<MinAckDelayParameter>(Hex.Bytes("c0000000ff04de1b 01 43e8"));
        Samples.Refuse<MinAckDelayParameter>(Hex.Bytes("c0000000ff04de1b 00"));
    }

    [Fact]
    public void APreferredAddressHasBothFamilies()
    {
        PreferredAddressParameter parameter = Samples.Parse<PreferredAddressParameter>(
        [
            .. Hex.Bytes("0d 2b c0000201 01bb 20010db8000000000000000000000001 01bb 02 aabb"), .. Enumerable.Repeat((byte)7, 16),
        ]);
        Assert.Equal(0xC0000201, parameter.Ipv4Address);
        Assert.Equal(443, parameter.Ipv6Port);
        Assert.Equal(Hex.Bytes("aabb"), parameter.ConnectionId.ToArray());
    }

    private static T Next<T>(ref ReadOnlySpan<byte> rest)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        Assert.True(T.TryParse(rest, out T value, out int consumed), typeof(T).Name);
        rest = rest[consumed..];
        return value;
    }
}
