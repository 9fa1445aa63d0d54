using Vpr.Quic.Streams;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Streams;

public class RangeSetTests
{
    [Fact]
    public void Random_operations_agree_with_a_set_of_numbers()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            SeededRandom random = new(seed);
            RangeSet set = new();
            bool[] model = new bool[200];
            for (int step = 0; step < 100; step++)
            {
                int start = random.Next(0, 199);
                int end = random.Next(start, Math.Min(200, start + 40));
                bool add = random.Chance(0.6);
                if (add) set.Add((ulong)start, (ulong)end);
                else set.Remove((ulong)start, (ulong)end);
                Array.Fill(model, add, start, end - start);
                Assert.True(Equal(set, model), $"seed {seed}, step {step}");
                int from = random.Next(0, 199);
                int to = random.Next(from, 200);
                Assert.True(set.Covers((ulong)from, (ulong)to) == model[from..to].All(isIn => isIn), $"seed {seed}, step {step}");
            }
        }
    }

    private static bool Equal(RangeSet set, bool[] model)
    {
        int at = 0;
        for (int i = 0; i < set.Count; i++)
        {
            (ulong start, ulong end) = set[i];
            // Not empty, ascending, and not touching the one before.
            if (start >= end || i > 0 && start <= set[i - 1].End) return false;
            for (; at < (int)start; at++) if (model[at]) return false;
            for (; at < (int)end; at++) if (!model[at]) return false;
        }

        for (; at < model.Length; at++) if (model[at]) return false;
        return true;
    }
}
