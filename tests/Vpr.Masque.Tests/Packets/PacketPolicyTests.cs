namespace Vpr.Masque.Tests;

/// <summary>A packet that passed lets those like it pass, and nothing else, and only until what permitted it is replaced.</summary>
[Trait("rfc", "9484 §6")]
public class PacketPolicyTests
{
    private const string Inside = "10.77.0.2";
    private const string Outside = "198.51.100.7";

    [Theory]
    [InlineData("assigned to peer")]
    [InlineData("our routes")]
    public void What_was_permitted_is_judged_again_when_a_list_is_replaced(string list)
    {
        PacketPolicy policy = Server();
        IpPacket incoming = Packet(Inside, Outside), outgoing = Packet(Outside, Inside);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(PacketVerdict.Forward, policy.JudgeIncoming(incoming));
            Assert.Equal(PacketVerdict.Forward, policy.JudgeOutgoing(outgoing));
        }

        if (list == "assigned to peer") policy.SetAssignedToPeer([]);
        else policy.OurRoutes = RouteTable.Empty;
        Assert.NotEqual(PacketVerdict.Forward, policy.JudgeIncoming(incoming));
        Assert.NotEqual(PacketVerdict.Forward, policy.JudgeOutgoing(outgoing));
    }

    [Fact]
    public void A_client_judges_again_when_its_lists_are_replaced()
    {
        PacketPolicy policy = new() { PeerRoutes = RouteTable.Everything };
        policy.SetAssignedToUs([Prefix(Inside)]);
        Assert.Equal(PacketVerdict.Forward, policy.JudgeOutgoing(Packet(Inside, Outside)));
        policy.PeerRoutes = RouteTable.Empty;
        Assert.Equal(PacketVerdict.NoRoute, policy.JudgeOutgoing(Packet(Inside, Outside)));
        policy.PeerRoutes = RouteTable.Everything;
        Assert.Equal(PacketVerdict.Forward, policy.JudgeOutgoing(Packet(Inside, Outside)));
        policy.SetAssignedToUs([]);
        Assert.Equal(PacketVerdict.SourceNotPermitted, policy.JudgeOutgoing(Packet(Inside, Outside)));
    }

    [Theory]
    [InlineData("10.77.0.3", Outside)]
    [InlineData(Inside, "169.254.1.1")]
    [InlineData(Outside, Inside)]
    public void Another_packet_gains_nothing_from_one_that_passed(string source, string destination)
    {
        PacketPolicy policy = Server();
        Assert.Equal(PacketVerdict.Forward, policy.JudgeIncoming(Packet(Inside, Outside)));
        Assert.NotEqual(PacketVerdict.Forward, policy.JudgeIncoming(Packet(source, destination)));
        Assert.Equal(PacketVerdict.Forward, policy.JudgeIncoming(Packet(Inside, Outside)));
    }

    // Whom a client is given one address by, who routes the rest.
    private static PacketPolicy Server()
    {
        PacketPolicy policy = new() { OurRoutes = RouteTable.Normalize([Prefix("198.51.100.0/24").ToRange()]) };
        policy.SetAssignedToPeer([Prefix(Inside)]);
        return policy;
    }

    private static IpPacket Packet(string source, string destination)
    {
        Assert.True(IpPacket.TryRead(TestPackets.Udp(source, destination, payload: 8), out IpPacket packet));
        return packet;
    }

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException(text);
}
