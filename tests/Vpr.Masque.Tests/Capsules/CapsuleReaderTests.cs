using Vpr.Testing;
using Vpr.Wire;
using Vpr.Wire.Masque;

namespace Vpr.Masque.Tests;

[Trait("rfc", "9297 §3.2, §3.3")]
public sealed class CapsuleReaderTests
{
    [Fact]
    public void CapsulesComeOutInWhateverPiecesTheyArrive()
    {
        byte[] stream =
        [
            .. Capsule(0x00, "one"u8), .. Capsule(0x29 * 3 + 0x17, new byte[5000]), .. Capsule(0x01), .. Capsule(0x00, new byte[3000]),
            .. Capsule(0x1234_5678, "skipped"u8), .. Capsule(0x03),
        ];
        for (int step = 1; step < 200; step += step < 20 ? 1 : 37)
        {
            using CapsuleReader reader = new();
            List<(ulong Type, int Length)> seen = [];
            foreach (byte[] piece in stream.Chunk(step))
            {
                Span<byte> rest = piece;
                while (reader.Read(ref rest, out ulong type, out Span<byte> capsule) == CapsuleStatus.Complete)
                {
                    Assert.Equal(OperationDone(capsule, out ulong written), written == type);
                    seen.Add((type, capsule.Length));
                }
            }

            Assert.Equal([(0UL, 5), (1UL, 2), (0UL, 3003), (3UL, 2)], seen);
            Assert.True(reader.IsAtBoundary);
        }

        static bool OperationDone(ReadOnlySpan<byte> capsule, out ulong type) =>
            Wire.Masque.Capsule.TryParseHeader(capsule, out type, out ulong length, out int header) == System.Buffers.OperationStatus.Done
            && header + (int)length == capsule.Length;
    }

    [Fact]
    public void WholeCapsuleIsHandedOutWhereItLies()
    {
        using CapsuleReader reader = new();
        byte[] bytes = Capsule(0x00, "abc"u8);
        Span<byte> rest = bytes;
        Assert.Equal(CapsuleStatus.Complete, reader.Read(ref rest, out _, out Span<byte> capsule));
        capsule[^1] = (byte)'x';
        Assert.Equal((byte)'x', bytes[^1]);
        Assert.True(rest.IsEmpty);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    public void KnownCapsuleLongerThanTheLimitIsRefusedAtItsHeader(ulong type)
    {
        foreach (int step in new[] { 1, 16 })
        {
            using CapsuleReader reader = new();
            byte[] header = new byte[16];
            int length = Wire.Masque.Capsule.WriteHeader(header, type, CapsuleReader.MaxLength);
            CapsuleStatus last = CapsuleStatus.NeedMoreData;
            foreach (byte[] piece in header[..length].Chunk(step))
            {
                Span<byte> rest = piece;
                last = reader.Read(ref rest, out _, out _);
            }

            Assert.Equal(CapsuleStatus.TooLong, last);
        }
    }

    [Fact]
    public void UnknownCapsuleOfAnyLengthIsPassedOverWithoutMemory()
    {
        using CapsuleReader reader = new();
        byte[] header = new byte[16];
        int length = Wire.Masque.Capsule.WriteHeader(header, 0x7777, VarInt.Max);
        Span<byte> rest = header.AsSpan(0, length);
        Assert.Equal(CapsuleStatus.NeedMoreData, reader.Read(ref rest, out _, out _));
        byte[] body = new byte[10_000];
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Span<byte> more = body;
                reader.Read(ref more, out _, out _);
            }
        });
        Assert.False(reader.IsAtBoundary);
    }

    internal static byte[] Capsule(ulong type, params ReadOnlySpan<byte> value)
    {
        byte[] header = new byte[16];
        int length = Wire.Masque.Capsule.WriteHeader(header, type, (ulong)value.Length);
        return [.. header[..length], .. value];
    }
}
