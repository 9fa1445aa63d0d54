using Vpr.Wire.Tls;

namespace Vpr.Quic.Tests.Packets;

public class PacketProtectionTests
{
    private const int NumberOffset = 9;
    private const byte ShortHeaderForm = 0x40;

    private readonly PacketProtection _protection = PacketProtection.Derive(CipherSuite.Aes128GcmSha256, new byte[32]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Trait("rfc", "9001 §5.4.1")]
    public void A_number_of_every_length_is_hidden_and_found_again(int length)
    {
        Random random = new(length);
        int shown = 0;
        for (int round = 0; round < 200; round++)
        {
            ulong number = (ulong)random.NextInt64(1L << (8 * length));
            byte[] packet = Packet(number, length, random), before = [.. packet];
            _protection.Protect(packet, NumberOffset, length, number, _protection.Key);
            Assert.Equal(before[1..NumberOffset], packet[1..NumberOffset]);
            if (packet.AsSpan(NumberOffset, length).SequenceEqual(before.AsSpan(NumberOffset, length))) shown++;

            Assert.Equal((uint)number, _protection.Unmask(packet, NumberOffset, out int found));
            Assert.Equal(length, found);
            int text = NumberOffset + length;
            Assert.Equal(before[..text], packet[..text]);
            Assert.True(_protection.Key.Open(number, packet.AsSpan(0, text), packet.AsSpan(text..^PacketKey.TagLength), packet.AsSpan(^PacketKey.TagLength..)));
            Assert.Equal(before[..^PacketKey.TagLength], packet[..^PacketKey.TagLength]);
        }

        Assert.InRange(shown, 0, length == 1 ? 10 : 2); // a mask of zeros is as likely as any other
    }

    private static byte[] Packet(ulong number, int length, Random random)
    {
        byte[] packet = new byte[NumberOffset + length + 30 + PacketKey.TagLength];
        random.NextBytes(packet);
        packet[0] = (byte)(ShortHeaderForm | length - 1);
        PacketNumber.Write(packet.AsSpan(NumberOffset), number, length);
        return packet;
    }
}
