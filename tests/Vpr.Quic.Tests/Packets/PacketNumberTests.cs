using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Vpr.Quic.Tests.Packets;

public class PacketNumberTests
{
    [Theory]
    [InlineData(0xac5c02UL, 0xabe8b3UL, 2)]
    [InlineData(0xace8feUL, 0xabe8b3UL, 3)]
    [InlineData(128UL, 0UL, 1)]
    [InlineData(129UL, 0UL, 2)]
    [Trait("rfc", "9000 A.2")]
    public void Length_follows_the_examples(ulong number, ulong acknowledged, int length) =>
        Assert.Equal(length, PacketNumber.EncodedLength(number, acknowledged));

    [Fact]
    [Trait("rfc", "9000 A.2")]
    public void First_packet_takes_one_byte() => Assert.Equal(1, PacketNumber.EncodedLength(0, null));

    [Fact]
    [Trait("rfc", "9000 A.3")]
    public void Decoding_follows_the_example() => Assert.Equal(0xa82f9b32UL, PacketNumber.Decode(0xa82f30ea + 1, 0x9b32, 2));

    [Property(MaxTest = 2000)]
    [Trait("rfc", "9000 §17.1")]
    public Property A_receiver_recovers_every_number_that_is_not_too_far_ahead() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<ulong>(), ArbMap.Default.ArbFor<ushort>(), ArbMap.Default.ArbFor<ushort>(),
            (seed, inFlight, received) =>
            {
                ulong acknowledged = seed % (PacketNumber.Max - 0x20000);
                ulong number = acknowledged + 1 + inFlight;
                int length = PacketNumber.EncodedLength(number, acknowledged);
                // The receiver has at least what it acknowledged, and at most everything before the packet.
                ulong largest = Math.Min(acknowledged + received, number - 1);
                byte[] bytes = new byte[4];
                PacketNumber.Write(bytes, number, length);
                uint truncated = BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8 * (PacketNumber.MaxLength - length);
                return PacketNumber.Decode(largest + 1, truncated, length) == number;
            });
}
