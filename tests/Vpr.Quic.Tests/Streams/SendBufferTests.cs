using Vpr.Quic.Streams;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Streams;

[Trait("rfc", "9000 §13.3")]
public class SendBufferTests
{
    [Fact]
    public void Whatever_is_lost_or_late_everything_arrives_once_acknowledged()
    {
        ChunkPool pool = new(64);
        for (ulong seed = 1; seed <= 300; seed++)
        {
            SeededRandom random = new(seed);
            byte[] stream = new byte[random.Next(0, 40_000)];
            random.FillPublic(stream);
            byte[] arrived = new byte[stream.Length];
            bool[] known = new bool[stream.Length];
            bool finKnown = false;
            SendBuffer buffer = new(pool);
            List<(ulong Offset, int Length, bool Fin)> inFlight = [];
            int written = 0;
            for (int step = 0; !buffer.IsAllAcknowledged; step++)
            {
                Assert.True(step < 100_000, $"seed {seed}: no end");
                if (!buffer.IsFinished && random.Chance(0.3))
                {
                    int count = random.Next(0, Math.Min(4000, stream.Length - written));
                    buffer.Write(stream.AsSpan(written, count));
                    written += count;
                    if (written == stream.Length) buffer.Finish();
                }

                if (random.Chance(0.6) && buffer.TryTake(random.Next(0, 1200), ulong.MaxValue, out ulong offset, out int length, out bool fin))
                {
                    Assert.True((int)offset + length <= written, $"seed {seed}");
                    byte[] data = new byte[length];
                    buffer.CopyTo(offset, data);
                    if (random.Chance(0.7))
                    {
                        data.CopyTo(arrived, (int)offset);
                        Array.Fill(known, true, (int)offset, length);
                        finKnown |= fin;
                        inFlight.Add((offset, length, fin));
                    }
                    else
                    {
                        buffer.OnLost(offset, length, fin);
                    }
                }

                if (inFlight.Count > 0 && random.Chance(0.5))
                {
                    int which = random.Next(0, inFlight.Count - 1);
                    (ulong at, int size, bool end) = inFlight[which];
                    inFlight.RemoveAt(which);
                    // Lost though it arrived (a lost acknowledgement), or acknowledged, perhaps after it was taken for lost.
                    if (random.Chance(0.3)) buffer.OnLost(at, size, end);
                    if (random.Chance(0.8)) buffer.OnAcknowledged(at, size, end);
                    else buffer.OnLost(at, size, end);
                }
            }

            Assert.True(known.All(isKnown => isKnown) && finKnown && arrived.AsSpan().SequenceEqual(stream), $"seed {seed}");
            buffer.Clear();
            Assert.Equal(0, pool.Outstanding);
        }
    }

    [Fact]
    public void What_is_acknowledged_is_not_sent_again_when_an_older_packet_with_it_is_lost()
    {
        SendBuffer buffer = new(new ChunkPool(4));
        buffer.Write(new byte[3000]);
        Assert.True(buffer.TryTake(3000, ulong.MaxValue, out _, out _, out _));
        buffer.OnAcknowledged(1000, 1000, false);
        buffer.OnLost(0, 3000, false);
        Assert.True(buffer.TryTake(3000, ulong.MaxValue, out ulong offset, out int length, out _));
        Assert.Equal((0UL, 1000), (offset, length));
        Assert.True(buffer.TryTake(3000, ulong.MaxValue, out offset, out length, out _));
        Assert.Equal((2000UL, 1000), (offset, length));
        Assert.False(buffer.TryTake(3000, ulong.MaxValue, out _, out _, out _));
    }

    [Fact]
    [Trait("rfc", "9000 §4.1")]
    public void New_data_stays_below_the_limit_and_lost_data_needs_none()
    {
        SendBuffer buffer = new(new ChunkPool(4));
        buffer.Write(new byte[3000]);
        Assert.True(buffer.TryTake(5000, 1000, out ulong offset, out int length, out _));
        Assert.Equal(1000, length);
        Assert.False(buffer.TryTake(5000, 1000, out _, out _, out _));
        buffer.OnLost(0, 1000, false);
        Assert.True(buffer.TryTake(5000, 1000, out offset, out length, out _));
        Assert.Equal((0UL, 1000), (offset, length));
    }

    [Fact]
    public void An_end_without_data_is_sent_and_when_lost_sent_again()
    {
        SendBuffer buffer = new(new ChunkPool(4));
        buffer.Finish();
        Assert.True(buffer.HasUncreditedWork);
        Assert.True(buffer.TryTake(0, 0, out ulong offset, out int length, out bool fin));
        Assert.Equal((0UL, 0, true), (offset, length, fin));
        Assert.False(buffer.HasUncreditedWork);
        buffer.OnLost(0, 0, true);
        Assert.True(buffer.TryTake(100, 0, out _, out _, out fin));
        Assert.True(fin);
        buffer.OnAcknowledged(0, 0, true);
        Assert.True(buffer.IsAllAcknowledged);
        buffer.OnLost(0, 0, true);
        Assert.False(buffer.HasUncreditedWork);
    }

    [Fact]
    public void Nothing_follows_the_end()
    {
        SendBuffer buffer = new(new ChunkPool(4));
        buffer.Finish();
        Assert.Throws<InvalidOperationException>(() => buffer.Write("x"u8));
    }
}
