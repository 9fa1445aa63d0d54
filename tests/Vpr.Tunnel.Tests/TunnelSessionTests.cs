using System.Buffers.Binary;
using System.Net;
using Vpr.Masque;
using Vpr.Testing;

namespace Vpr.Tunnel.Tests;

[Trait("rfc", "9484 §6")]
public sealed class TunnelSessionTests : IDisposable
{
    private readonly TunnelPair _pair = new();

    [Fact]
    public void A_packet_arrives_as_it_was_sent_but_for_its_hop_limit()
    {
        byte[] packet = Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), 1000);
        Assert.True(_pair.Send(_pair.Client, packet));
        packet[7]--;
        Assert.Equal(packet, _pair.FromClient.Packet.ToArray());
    }

    [Fact]
    public void An_answer_arrives_at_the_client()
    {
        Assert.True(_pair.Send(_pair.Client, Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), 100)));
        Assert.True(_pair.Send(_pair.Server, Ipv6(IPAddress.Parse("2001:db8::1"), ClientAddress, 100)));
        Assert.Equal(1, _pair.FromServer.Count);
    }

    [Fact]
    public void A_server_that_grants_no_sealing_gets_and_sends_plain_packets()
    {
        using var plain = new TunnelPair(Vpr.Wire.Noise.SessionFeatures.None);
        byte[] up = Ipv6(AddressOf(plain), IPAddress.Parse("2001:db8::1"), 100), down = Ipv6(IPAddress.Parse("2001:db8::1"), AddressOf(plain), 100);
        Assert.True(plain.Send(plain.Client, up));
        Assert.True(plain.Send(plain.Server, down));
        Assert.Equal((1, 1), (plain.FromClient.Count, plain.FromServer.Count));
    }

    [Fact]
    public void The_longest_packet_fits_one_datagram()
    {
        byte[] packet = Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), TunnelSession.LargestMtu - 40);
        Assert.True(_pair.Send(_pair.Client, packet));
        Assert.Equal(packet.Length, _pair.FromClient.Packet.Length);
    }

    [Fact]
    public void A_longer_packet_is_answered_by_Packet_Too_Big()
    {
        Assert.False(_pair.Send(_pair.Client, Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), TunnelSession.LargestMtu - 39)));
        Assert.Equal(0, _pair.FromClient.Count);
        ReadOnlySpan<byte> error = _pair.FromServer.Packet;
        Assert.Equal((58, 2), (error[6], error[40])); // ICMPv6, Packet Too Big
        Assert.Equal(TunnelSession.LargestMtu, (int)BinaryPrimitives.ReadUInt32BigEndian(error[44..]));
    }

    [Fact]
    public void A_source_that_is_not_the_clients_does_not_leave()
    {
        Assert.False(_pair.Send(_pair.Client, Ipv6(IPAddress.Parse("fd00:86::77"), IPAddress.Parse("2001:db8::1"), 100)));
        _pair.Step();
        Assert.Equal(0, _pair.FromClient.Count);
    }

    [Fact]
    public void A_segment_of_a_judged_super_packet_arrives_like_a_packet()
    {
        byte[] segment = Numbered(7);
        Assert.True(_pair.Client.TryJudge(SuperPacket(), segment.Length, out IpPacket judged));
        Assert.True(_pair.SendSegment(_pair.Client, segment, judged));
        segment[7]--;
        Assert.Equal(segment, _pair.FromClient.Packet.ToArray());
    }

    [Fact]
    public void A_super_packet_that_may_not_pass_whole_is_left_to_its_packets()
    {
        byte[] foreign = Ipv6(IPAddress.Parse("fd00:86::77"), IPAddress.Parse("2001:db8::1"), 100);
        Assert.False(_pair.Client.TryJudge(foreign, foreign.Length, out _));
        Assert.False(_pair.Client.TryJudge([1, 2], 2, out _));
        Assert.True(_pair.Client.TryJudge(SuperPacket(), TunnelSession.LargestMtu, out _));
        Assert.False(_pair.Client.TryJudge(SuperPacket(), TunnelSession.LargestMtu + 1, out _));
        _pair.Client.Dispose();
        Assert.False(_pair.Client.TryJudge(SuperPacket(), 1240, out _));
    }

    [Fact]
    public void A_segment_without_a_hop_left_is_answered_by_Time_Exceeded()
    {
        byte[] segment = Numbered(0);
        segment[7] = 1;
        Assert.True(_pair.Client.TryJudge(SuperPacket(), segment.Length, out IpPacket judged));
        Assert.False(_pair.SendSegment(_pair.Client, segment, judged));
        Assert.Equal((0, 1UL), (_pair.FromClient.Count, _pair.Client.Counters.SendDrops));
        Assert.Equal((58, 3), (_pair.FromServer.Packet[6], _pair.FromServer.Packet[40])); // ICMPv6, Time Exceeded
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packets_that_the_window_holds_back_wait_and_arrive_in_their_order(bool areSegments)
    {
        const int Packets = 300;
        int sent = 0;
        Assert.True(_pair.Client.TryJudge(SuperPacket(), Numbered(0).Length, out IpPacket judged));
        for (int number = 0; number < Packets; number++)
        {
            if (!(areSegments ? _pair.SendSegment(_pair.Client, Numbered(number), judged) : _pair.Send(_pair.Client, Numbered(number)))) continue;
            Assert.Equal(sent, Number(_pair.FromClient.Packet));
            sent++;
        }

        Assert.InRange(sent, 1, Packets - 50); // no acknowledgement has come yet: the window closed
        for (int steps = 0; sent < Packets && steps < 2000; steps++)
        {
            _pair.Step();
            while (_pair.SendQueued(_pair.Client))
            {
                Assert.Equal(sent, Number(_pair.FromClient.Packet));
                sent++;
            }
        }

        Assert.Equal(Packets, sent);
        Assert.Equal(Packets, _pair.FromClient.Count);
        Assert.Equal(((ulong)Packets, 0UL, 0UL, 0UL), (_pair.Client.Counters.PacketsSent, _pair.Client.Counters.SendDrops, _pair.Client.Counters.QueueDrops, _pair.Server.Counters.UnauthenticPackets));
        Assert.False(_pair.SendQueued(_pair.Client));
    }

    [Fact]
    public void A_packet_goes_at_once_when_none_waits()
    {
        for (int number = 0; number < 100; number++) _pair.Send(_pair.Client, Numbered(number));
        for (int steps = 0; steps < 200; steps++)
        {
            _pair.Step();
            while (_pair.SendQueued(_pair.Client))
            {
            }
        }

        Assert.Equal(100, _pair.FromClient.Count);
        Assert.True(_pair.Send(_pair.Client, Numbered(100)));
        Assert.Equal(100, Number(_pair.FromClient.Packet));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    [Trait("rfc", "8290 §4.2")]
    public void Packets_that_wait_too_long_are_marked_or_dropped_before_they_are_sealed(byte ecn, bool marks)
    {
        for (int number = 0; number < 300; number++) _pair.Send(_pair.Client, Numbered(number, ecn));
        int marked = 0;
        for (int steps = 0; steps < 2000; steps++)
        {
            _pair.Step();
            if (steps % 5 == 0 && _pair.SendQueued(_pair.Client) && (_pair.FromClient.Packet[1] >> 4 & 3) == 3) marked++;
        }

        TunnelCounters counters = _pair.Client.Counters;
        Assert.Equal(marks, marked > 0);
        Assert.Equal(marks, counters.QueueDrops == 0);
        Assert.Equal((ulong)marked, counters.QueueMarks);
        // None is lost but the dropped ones.
        Assert.Equal((300UL - counters.QueueDrops, 0UL), (_pair.Server.Counters.PacketsReceived, _pair.Server.Counters.UnauthenticPackets));
    }

    [Fact]
    public void The_whole_path_allocates_nothing_per_packet()
    {
        byte[] up = Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), 1300), down = Ipv6(IPAddress.Parse("2001:db8::1"), ClientAddress, 1300);
        int sent = 0;
        Allocations.AssertNone(() =>
        {
            int earlier = _pair.FromClient.Count + _pair.FromServer.Count;
            Exchange(up, down, 2000);
            sent = _pair.FromClient.Count + _pair.FromServer.Count - earlier;
        });
        Assert.True(sent >= 3900, $"only {sent} packets arrived");
    }

    public void Dispose() => _pair.Dispose();

    private IPAddress ClientAddress => AddressOf(_pair);

    private static IPAddress AddressOf(TunnelPair pair)
    {
        foreach (IpPrefix prefix in pair.Client.Addresses)
            if (prefix.Version == IpVersion.V6) return prefix.Address.ToIPAddress();
        throw new InvalidOperationException("The client has no IPv6 address.");
    }

    private void Exchange(byte[] up, byte[] down, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            _pair.Send(_pair.Client, up);
            _pair.Send(_pair.Server, down);
            _pair.Step();
        }
    }

    // All that is judged of it is its headers, which those of Numbered are but for the length.
    private byte[] SuperPacket() => Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), 40_000);

    private byte[] Numbered(int number, byte ecn = 0)
    {
        byte[] packet = Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), 1200);
        packet[1] = (byte)(ecn << 4);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(40), number);
        return packet;
    }

    private static int Number(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadInt32BigEndian(packet[40..]);

    private static byte[] Ipv6(IPAddress source, IPAddress destination, int payload)
    {
        byte[] packet = new byte[40 + payload];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload);
        packet[6] = 59; // no next header
        packet[7] = 64;
        source.TryWriteBytes(packet.AsSpan(8), out _);
        destination.TryWriteBytes(packet.AsSpan(24), out _);
        for (int at = 40; at < packet.Length; at++) packet[at] = (byte)(at & 0xFF);
        return packet;
    }
}
