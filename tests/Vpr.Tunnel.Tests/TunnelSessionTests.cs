using System.Buffers.Binary;
using System.Net;

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
    public void The_whole_path_allocates_nothing_per_packet()
    {
        byte[] up = Ipv6(ClientAddress, IPAddress.Parse("2001:db8::1"), 1300), down = Ipv6(IPAddress.Parse("2001:db8::1"), ClientAddress, 1300);
        Exchange(up, down, 2000); // buffers and rings grow to their size
        int sent = _pair.FromClient.Count + _pair.FromServer.Count;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(up, down, 2000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        sent = _pair.FromClient.Count + _pair.FromServer.Count - sent;
        Assert.True(sent >= 3900, $"only {sent} packets arrived");
        Assert.Equal(0, allocated);
    }

    public void Dispose() => _pair.Dispose();

    private IPAddress ClientAddress => AddressOf(_pair);

    private static IPAddress AddressOf(TunnelPair pair)
    {
        foreach (Masque.IpPrefix prefix in pair.Client.Addresses)
            if (prefix.Version == Masque.IpVersion.V6) return prefix.Address.ToIPAddress();
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
