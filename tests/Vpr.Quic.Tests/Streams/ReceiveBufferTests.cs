using Vpr.Quic.Streams;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Streams;

[Trait("rfc", "9000 §2.2")]
public class ReceiveBufferTests
{
    [Fact]
    public void Any_segmentation_in_any_order_gives_the_same_stream()
    {
        ChunkPool pool = new(64);
        for (ulong seed = 1; seed <= 300; seed++)
        {
            SeededRandom random = new(seed);
            byte[] stream = new byte[random.Next(0, 30_000)];
            random.FillPublic(stream);
            ReceiveBuffer buffer = new(pool);
            List<byte> read = [];
            byte[] into = new byte[5000];
            List<(int Start, int Length)> segments = Segments(random, stream.Length);
            foreach ((int start, int length) in segments)
            {
                Assert.True(buffer.Insert((ulong)start, stream.AsSpan(start, length)), $"seed {seed}");
                if (random.Chance(0.5)) Read(buffer, into.AsSpan(0, random.Next(0, into.Length)), read);
            }

            while (buffer.Readable > 0) Read(buffer, into, read);
            Assert.True(read.SequenceEqual(stream), $"seed {seed}");
            Assert.Equal((ulong)stream.Length, buffer.Highest);
            buffer.Clear();
            Assert.Equal(0, pool.Outstanding);
        }
    }

    [Fact]
    public void Nothing_is_readable_before_the_gap_is_filled()
    {
        ReceiveBuffer buffer = new(new ChunkPool(4));
        buffer.Insert(5, "world"u8);
        Assert.Equal(0, buffer.Readable);
        buffer.Insert(0, "hello"u8);
        Assert.Equal(10, buffer.Readable);
    }

    [Fact]
    public void Memory_is_what_was_written_and_not_what_was_skipped()
    {
        ChunkPool pool = new(4);
        ReceiveBuffer buffer = new(pool);
        buffer.Insert(1 << 20, "x"u8);
        Assert.Equal(1, pool.Outstanding);
    }

    [Fact]
    public void A_shredded_stream_is_refused_at_the_limit_of_gaps()
    {
        ReceiveBuffer buffer = new(new ChunkPool(4));
        ulong offset = 2;
        for (int i = 0; i < ReceiveBuffer.MaxGaps; i++, offset += 2) Assert.True(buffer.Insert(offset, "x"u8));
        Assert.False(buffer.Insert(offset, "x"u8));
        // What is known, or fills the first gap, is still taken.
        Assert.True(buffer.Insert(2, "x"u8));
        Assert.True(buffer.Insert(0, "xx"u8));
        Assert.Equal(3, buffer.Readable);
    }

    [Fact]
    public void A_steady_flow_allocates_nothing()
    {
        ReceiveBuffer buffer = new(new ChunkPool(64));
        byte[] segment = new byte[1200];
        byte[] into = new byte[4000];
        ulong offset = 0;
        Allocations.AssertNone(() => Flow(buffer, segment, into, ref offset, 10_000));
        Assert.Equal(offset, buffer.ReadOffset);
    }

    private static void Flow(ReceiveBuffer buffer, byte[] segment, byte[] into, ref ulong offset, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            // Two out of order, then the one missing.
            buffer.Insert(offset + 1200, segment);
            buffer.Insert(offset + 2400, segment);
            buffer.Insert(offset, segment);
            offset += 3600;
            while (buffer.Read(into) > 0)
            {
            }
        }
    }

    private static void Read(ReceiveBuffer buffer, Span<byte> into, List<byte> read)
    {
        int count = buffer.Read(into);
        read.AddRange(into[..count]);
    }

    /// <summary>Segments that cover the stream, some of them overlapping, in random order.</summary>
    private static List<(int Start, int Length)> Segments(SeededRandom random, int length)
    {
        List<(int, int)> segments = [];
        for (int at = 0; at < length;)
        {
            int size = Math.Min(random.Next(1, random.Chance(0.2) ? 9000 : 1500), length - at);
            segments.Add((at, size));
            if (random.Chance(0.3))
            {
                int start = random.Next(0, at);
                segments.Add((start, random.Next(0, Math.Min(3000, length - start))));
            }

            at += size;
        }

        for (int i = segments.Count - 1; i > 0; i--)
        {
            int other = random.Next(0, i);
            (segments[i], segments[other]) = (segments[other], segments[i]);
        }

        return segments;
    }
}
