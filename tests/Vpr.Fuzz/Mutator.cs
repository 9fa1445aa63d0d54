using Vpr.Fuzz.Generation;

namespace Vpr.Fuzz;

/// <summary>Small damage of the kinds that parsers trip over.</summary>
internal static class Mutator
{
    // Where a variable-length integer changes its length (RFC 9000 §16), and where limits of RFC 9000 lie.
    private static readonly ulong[] Boundaries =
    [
        0, 1, 19, 20, 21, 63, 64, 16383, 16384, (1UL << 30) - 1, 1UL << 30, 1UL << 60, (1UL << 60) + 1, VarInt.Max,
    ];

    /// <summary>Damages an input in one to four places.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another input of the same target, to borrow from.</param>
    /// <param name="random">The generator.</param>
    public static void Mutate(EncodingBuffer input, ReadOnlySpan<byte> other, ref FuzzRandom random)
    {
        for (int times = random.Between(1, 4); times > 0; times--)
            MutateOnce(input, other, ref random);
    }

    private static void MutateOnce(EncodingBuffer input, ReadOnlySpan<byte> other, ref FuzzRandom random)
    {
        int length = input.Length;
        int place = length == 0 ? 0 : random.Below(length);
        switch (length == 0 ? random.Between(8, 10) : random.Below(11))
        {
            case 0:
                input.Written[place] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                input.Written[place] = (byte)random.Below(256);
                break;
            case 2:
                input.Written[place] = random.OneIn(2) ? (byte)0xFF : (byte)0;
                break;
            case 3:
                // Off by one: lengths and counts.
                input.Written[place] = (byte)((input.Written[place] + (random.OneIn(2) ? 1 : 255)) & 0xFF);
                break;
            case 4:
                input.Truncate(place);
                break;
            case 5:
                Replace(input, place, Math.Min(random.Between(1, 8), length - place), []);
                break;
            case 6:
                // The same bytes twice: repeated elements.
                Replace(input, place, 0, input.Written.Slice(place, Math.Min(random.Between(1, 16), length - place)).ToArray());
                break;
            case 7:
                Replace(input, place, Math.Min(1 << (input.Written[place] >> 6), length - place), BoundaryVarInt(ref random));
                break;
            case 8:
                Span<byte> noise = stackalloc byte[random.Between(1, 8)];
                random.Fill(noise);
                Replace(input, place, 0, noise);
                break;
            case 9:
                Replace(input, place, 0, BoundaryVarInt(ref random));
                break;
            default:
                int from = other.IsEmpty ? 0 : random.Below(other.Length);
                Replace(input, place, random.OneIn(2) ? 0 : length - place, other[from..]);
                break;
        }
    }

    private static byte[] BoundaryVarInt(ref FuzzRandom random)
    {
        var buffer = new EncodingBuffer();
        buffer.AppendVarInt(Boundaries[random.Below(Boundaries.Length)], 1 << random.Below(4));
        return buffer.Written.ToArray();
    }

    private static void Replace(EncodingBuffer input, int place, int removed, ReadOnlySpan<byte> inserted)
    {
        byte[] tail = input.Written[(place + removed)..].ToArray();
        input.Truncate(place);
        input.Append(inserted);
        input.Append(tail);
    }
}
