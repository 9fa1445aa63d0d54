using Vpr.Io;
using Vpr.Wire.Tls;

namespace Vpr.Quic.Tests.Packets;

public class KeyPhaseTests
{
    private const int NumberOffset = 9;
    private static readonly Instant Soon = new(1_000);

    private readonly KeyPhase _left = Create(1, 2);
    private readonly KeyPhase _right = Create(2, 1);

    [Fact]
    [Trait("rfc", "9001 §6.1")]
    public void No_update_before_the_first_acknowledgement()
    {
        Assert.False(_left.TryUpdate());
        Seal(_left, 0);
        Assert.True(_left.OnAcknowledged(0, phaseBit: false));
        Assert.True(_left.TryUpdate());
    }

    [Fact]
    [Trait("rfc", "9001 §6.3")]
    public void The_peer_follows_and_overtaken_packets_still_open_until_the_old_keys_expire()
    {
        byte[] early = Seal(_left, 0);
        byte[] late = Seal(_left, 1);
        byte[] later = Seal(_left, 2);
        Assert.True(Open(_right, early, 0, out _));
        Update(_left);
        byte[] updated = Seal(_left, 3);
        Assert.True(Open(_right, updated, 3, out bool updates));
        Assert.True(updates);
        Assert.True(_right.OnPeerUpdate(3));
        Assert.True(Open(_right, late, 1, out updates));
        Assert.False(updates);

        _right.StartExpiry(Soon);
        Assert.Equal(Soon, _right.PreviousKeyExpiry);
        _right.Expire(Soon);
        Assert.False(Open(_right, later, 2, out _));
    }

    [Fact]
    [Trait("rfc", "9001 §6.2")]
    public void A_second_update_before_anything_was_answered_is_an_error()
    {
        Seal(_right, 0);
        Assert.True(Open(_left, Seal(_right, 1), 1, out _));
        Update(_right);
        Assert.True(Open(_left, Seal(_right, 2), 2, out _));
        Assert.True(_left.OnPeerUpdate(2));
        Assert.False(_left.OnPeerUpdate(3));
    }

    [Fact]
    [Trait("rfc", "9001 §6.2")]
    public void New_packets_acknowledged_under_old_keys_are_an_error()
    {
        Update(_left);
        Seal(_left, 7);
        Assert.True(_left.OnAcknowledged(6, phaseBit: false));
        Assert.False(_left.OnAcknowledged(7, phaseBit: false));
        Assert.True(_left.OnAcknowledged(7, phaseBit: true));
    }

    [Fact]
    [Trait("rfc", "9001 §6.6")]
    public void Failures_are_counted()
    {
        byte[] packet = Seal(_left, 0);
        packet[^1] ^= 1;
        Assert.False(Open(_right, packet, 0, out _));
        Assert.Equal(1UL, _right.Failures);
        Assert.False(_right.LimitReached);
    }

    private static void Update(KeyPhase keys)
    {
        Seal(keys, 5);
        Assert.True(keys.OnAcknowledged(5, phaseBit: keys.Bit));
        Assert.True(keys.TryUpdate());
    }

    private static byte[] Seal(KeyPhase keys, ulong number)
    {
        byte[] packet = new byte[NumberOffset + 4 + 20 + 16];
        packet[0] = (byte)(0x43 | (keys.Bit ? 4 : 0));
        PacketNumber.Write(packet.AsSpan(NumberOffset), number, 4);
        keys.Protect(packet, NumberOffset, 4, number);
        return packet;
    }

    private static bool Open(KeyPhase keys, byte[] packet, ulong number, out bool updates)
    {
        byte[] copy = [.. packet];
        uint truncated = keys.Unmask(copy, NumberOffset, out int numberLength);
        Assert.Equal((number, 4), (truncated, numberLength));
        return keys.Open(copy, NumberOffset + 4, number, (copy[0] & 4) != 0, out updates);
    }

    private static KeyPhase Create(byte read, byte write)
    {
        byte[] readSecret = new byte[32], writeSecret = new byte[32];
        readSecret.AsSpan().Fill(read);
        writeSecret.AsSpan().Fill(write);
        return new KeyPhase(CipherSuite.Aes128GcmSha256, readSecret, writeSecret);
    }
}
