using Vpr.Wire.Ip;

namespace Vpr.Wire.Tests.Ip;

public class Ipv4Tests
{
    private static readonly byte[] TcpSyn = Hex.Bytes(
        "4500003c1c4640004006b1e6ac100a63ac100a0c c00001bb0102030400000000a0c2faf019fd0000 020405b40402080a000000010000000001030307");

    [Fact]
    [Trait("rfc", "791 §3.1")]
    public void ATcpSynIsRead()
    {
        Assert.True(Ipv4Packet.TryParse(TcpSyn, out Ipv4Packet packet));
        Ipv4Header header = packet.Header;
        Assert.Equal((5, 60, 0x1C46, 64), (header.InternetHeaderLength, header.TotalLength, header.Identification, header.TimeToLive));
        Assert.True(header.DontFragment);
        Assert.False(header.IsFragment);
        Assert.Equal(IpProtocol.Tcp, header.Protocol);
        Assert.Equal(0xAC100A63, header.SourceAddress);
        Assert.Equal(0xAC100A0C, header.DestinationAddress);
        Assert.Equal(TcpSyn[20..], packet.Payload.ToArray());
        Assert.Equal(TcpSyn[..20], Samples.Write(in header));
    }

    [Fact]
    [Trait("rfc", "9293 §3.1")]
    public void ATcpHeadersFlagsAndOptionsAreRead()
    {
        TcpHeader header = Samples.Parse<TcpHeader>(TcpSyn[20..]);
        Assert.Equal((49152, 443, 0x01020304u, 0u), (header.SourcePort, header.DestinationPort, header.SequenceNumber, header.AcknowledgmentNumber));
        Assert.True(header is { Syn: true, Cwr: true, Ece: true, Ack: false, Fin: false, Rst: false, Psh: false, Urg: false });
        Assert.Equal((40, 20, 64240), (header.HeaderLength, header.Options.Length, header.Window));
        byte[] tooShort = TcpSyn[20..];
        tooShort[12] = 0x4F;
        Samples.Refuse<TcpHeader>(tooShort);
    }

    [Fact]
    [Trait("rfc", "791 §3.1")]
    public void OptionsAreCountedInWords()
    {
        byte[] routerAlert = Hex.Bytes("460000201c46400040021d02ac100a63ac100a0c94040000 1600f9fde0000002");
        Assert.True(Ipv4Packet.TryParse(routerAlert, out Ipv4Packet packet));
        Assert.Equal(Hex.Bytes("94040000"), packet.Header.Options.ToArray());
        Assert.Equal(8, packet.Payload.Length);
        Assert.True(InternetChecksum.IsValid(0, routerAlert.AsSpan(0, packet.Header.HeaderLength)));
    }

    [Theory]
    [InlineData(0, 0x55, "version")]
    [InlineData(0, 0x44, "header shorter than 20 bytes")]
    [InlineData(0, 0x4F, "header longer than the packet")]
    [InlineData(3, 19, "packet shorter than its header")]
    [InlineData(3, 61, "packet cut short")]
    public void AHeaderThatContradictsItselfIsRefused(int place, byte value, string why)
    {
        byte[] damaged = [.. TcpSyn];
        damaged[place] = value;
        if (place == 0 && value == 0x4F)
            damaged[3] = 59;
        Assert.False(Ipv4Packet.TryParse(damaged, out _), why);
    }

    [Fact]
    public void PaddingBehindThePacketIsLeftOut()
    {
        Assert.True(Ipv4Packet.TryParse([.. TcpSyn, 1, 2, 3, 4, 5, 6], out Ipv4Packet packet));
        Assert.Equal(40, packet.Payload.Length);
    }

    [Fact]
    [Trait("rfc", "768")]
    public void AUdpHeaderIsRead()
    {
        UdpHeader header = Samples.Parse<UdpHeader>(Hex.Bytes("14e90035000c9f57"));
        Assert.Equal(new UdpHeader(5353, 53, 12, 0x9F57), header);
        Samples.Refuse<UdpHeader>(Hex.Bytes("14e9003500079f57"));
    }

    [Fact]
    [Trait("rfc", "1191 §4")]
    public void FragmentationNeededNamesTheNextHopsMtu()
    {
        IcmpHeader message = Samples.Parse<IcmpHeader>([.. Hex.Bytes("0304000000000550"), .. TcpSyn[..28]]);
        Assert.Equal((IcmpType.DestinationUnreachable, IcmpHeader.FragmentationNeeded, 1360), (message.Type, message.Code, message.NextHopMtu));
        Assert.Equal(28, message.Data.Length);
    }
}
