using FsCheck.Xunit;
using Vpr.Testing;

namespace Vpr.Tunnel.Tests;

public sealed class EpochCipherTests : IDisposable
{
    private const byte Epoch = 7;

    private readonly EpochCipher _client;
    private readonly EpochCipher _server;

    public EpochCipherTests() => (_client, _server) = SessionPair.Ciphers(Epoch);

    [Property(MaxTest = 200)]
    public void What_one_side_seals_the_other_opens(byte[] packet)
    {
        Assert.True(_server.TryOpen(Seal(_client, packet), out Span<byte> opened));
        Assert.Equal(packet, opened.ToArray());
    }

    [Fact]
    public void A_sealed_packet_shows_neither_its_content_nor_the_same_bytes_twice()
    {
        byte[] packet = new byte[64];
        byte[] first = Seal(_client, packet), second = Seal(_client, packet);
        Assert.NotEqual(packet, first[EpochCipher.HeaderLength..][..64]);
        Assert.NotEqual(first[EpochCipher.HeaderLength..], second[EpochCipher.HeaderLength..]);
    }

    [Fact]
    public void A_packet_opens_once()
    {
        byte[] packet = Seal(_client, [1, 2, 3]);
        Assert.True(_server.TryOpen(packet.ToArray(), out _));
        Assert.False(_server.TryOpen(packet, out _));
    }

    [Fact]
    public void Packets_open_in_any_order_within_the_window()
    {
        byte[][] packets = Enumerable.Range(0, 100).Select(number => Seal(_client, [(byte)number])).ToArray();
        foreach (byte[] packet in packets.Reverse()) Assert.True(_server.TryOpen(packet, out _));
    }

    [Fact]
    public void Not_one_byte_may_change()
    {
        byte[] packet = Seal(_client, [1, 2, 3, 4]);
        for (int at = 0; at < packet.Length; at++)
        {
            byte[] forged = packet.ToArray();
            forged[at] ^= 0x10;
            Assert.False(_server.TryOpen(forged, out _), $"byte {at}");
        }

        Assert.True(_server.TryOpen(packet, out _));
    }

    [Fact]
    public void A_forged_counter_does_not_move_the_window()
    {
        byte[] honest = Seal(_client, [1]);
        byte[] forged = honest.ToArray();
        forged[1] = 0xFF; // a counter of nearly 2^56
        Assert.False(_server.TryOpen(forged, out _));
        Assert.True(_server.TryOpen(honest, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(EpochCipher.Overhead - 1)]
    public void A_short_payload_is_refused(int length) => Assert.False(_server.TryOpen(new byte[length], out _));

    [Fact]
    public void Another_epoch_is_refused()
    {
        byte[] packet = Seal(_client, [1]);
        packet[0] = Epoch + 1;
        Assert.False(_server.TryOpen(packet, out _));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        byte[] buffer = new byte[1300 + EpochCipher.Overhead];
        Allocations.AssertNone(() =>
        {
            for (int round = 0; round < 1000; round++) RoundTrip(buffer);
        });
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private void RoundTrip(byte[] buffer)
    {
        if (!_client.TrySeal(buffer) || !_server.TryOpen(buffer, out _)) throw new InvalidOperationException("The packet was lost.");
    }

    private static byte[] Seal(EpochCipher cipher, byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + EpochCipher.Overhead];
        packet.CopyTo(buffer, EpochCipher.HeaderLength);
        Assert.True(cipher.TrySeal(buffer));
        return buffer;
    }
}
