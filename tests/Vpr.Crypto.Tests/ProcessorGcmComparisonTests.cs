using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Vpr.Crypto.Tests;

/// <summary>Random texts by the processor's instructions and by the framework, and the places where the batches could go wrong.</summary>
public sealed class ProcessorGcmComparisonTests
{
    /// <summary>How many random texts are compared; 10,000,000 take about a minute (README.md of Vpr.Crypto has the command).</summary>
    private static readonly int Comparisons = int.Parse(Environment.GetEnvironmentVariable("VPR_AEAD_COMPARISONS") ?? "20000");

    [Theory]
    [GcmCode(GcmCode.AesNi)]
    [GcmCode(GcmCode.Vaes)]
    public void Random_texts_are_sealed_and_opened_as_by_the_framework(GcmCode code)
    {
        int seed = Comparisons == 20_000 ? 60 : Environment.TickCount;
        Random random = new(seed);
        byte[] nonce = new byte[12], source = new byte[4096], text = new byte[2048], expected = new byte[2048], tag = new byte[16], expectedTag = new byte[16];
        random.NextBytes(source);
        for (int done = 0; done < Comparisons;)
        {
            byte[] key = new byte[random.Next(2) == 0 ? 16 : 32];
            random.NextBytes(key);
            using AesGcm framework = new(key, 16);
            using AeadKey own = code.Create(key);
            for (int i = 0; i < 100 && done < Comparisons; i++, done++)
            {
                random.NextBytes(nonce);
                int length = random.Next(random.Next(8) == 0 ? 2048 : 1501);
                ReadOnlySpan<byte> data = source.AsSpan(random.Next(2000), random.Next(random.Next(8) == 0 ? 2000 : 48));
                ReadOnlySpan<byte> plain = source.AsSpan(random.Next(2048), length);
                Span<byte> actual = text.AsSpan(0, length), wanted = expected.AsSpan(0, length);
                plain.CopyTo(actual);
                own.SealCore(nonce, data, actual, tag);
                framework.Encrypt(nonce, plain, wanted, expectedTag, data);
                if (!actual.SequenceEqual(wanted) || !tag.AsSpan().SequenceEqual(expectedTag) || !own.OpenCore(nonce, data, actual, tag) || !actual.SequenceEqual(plain))
                    Assert.Fail($"seed {seed}, text {done}: key {key.Length}, length {length}, data {data.Length}");
            }
        }
    }

    /// <summary>The powers of the hash key reach over 96 blocks: here the sum is carried over within the data, between data and text, and within the text.</summary>
    [Theory]
    [GcmCode(GcmCode.AesNi)]
    [GcmCode(GcmCode.Vaes)]
    public void The_hash_is_carried_over_whatever_the_lengths(GcmCode code)
    {
        byte[] key = new byte[16], nonce = new byte[12], source = new byte[7000], tag = new byte[16], expectedTag = new byte[16];
        new Random(61).NextBytes(source);
        using AesGcm framework = new(key, 16);
        using AeadKey own = code.Create(key);
        foreach (int dataBlocks in new[] { 0, 1, 2, 7, 8, 87, 88, 94, 95, 96, 97, 191, 192, 193 })
        {
            foreach (int textBlocks in new[] { 0, 1, 7, 8, 9, 79, 80, 86, 87, 88, 89, 94, 95, 96, 97, 103, 104, 105, 183, 184, 191, 192, 193, 200 })
            {
                foreach ((int dataBytes, int textBytes) in new[] { (0, 0), (1, 0), (0, 15), (15, 1) })
                {
                    byte[] data = source[..(dataBlocks * 16 + dataBytes)], plain = source[^(textBlocks * 16 + textBytes)..];
                    byte[] text = (byte[])plain.Clone(), expected = new byte[plain.Length];
                    own.SealCore(nonce, data, text, tag);
                    framework.Encrypt(nonce, plain, expected, expectedTag, data);
                    Assert.True(text.AsSpan().SequenceEqual(expected) && tag.AsSpan().SequenceEqual(expectedTag), $"data {data.Length}, text {text.Length}: sealed otherwise");
                    Assert.True(own.OpenCore(nonce, data, text, tag) && text.AsSpan().SequenceEqual(plain), $"data {data.Length}, text {text.Length}: not opened");
                }
            }
        }
    }

    [Fact]
    [Trait("nist", "SP 800-38D §6.2")]
    public void The_counter_wraps_without_touching_the_nonce()
    {
        if (!AesNiGcm.IsSupported) return;
        byte[] steps = new byte[9 * 16], zeroKey = new byte[16], blocks = new byte[8 * 16];
        for (int i = 0; i < 8; i++) steps[i * 16 + 15] = (byte)i;
        steps[8 * 16] = 8;
        byte[] before = Hex.Bytes("a0a1a2a3a4a5a6a7a8a9aaab fffffff8");
        BatchCounter counter = new()
        {
            Current = Vector128.Create((ReadOnlySpan<byte>)before),
            Number = Vector128.Create((ReadOnlySpan<byte>)before.Reverse().ToArray()).AsUInt32(),
        };
        EightBlocks eight = default;
        eight.Count(ref counter, ref zeroKey[0], ref steps[0]);
        eight.Store(ref blocks[0]);
        string[] counters = ["fffffffa", "fffffffb", "fffffffc", "fffffffd", "fffffffe", "ffffffff", "00000000", "00000001"];
        Assert.Equal(string.Concat(counters.Select(static value => "a0a1a2a3a4a5a6a7a8a9aaab" + value)), Hex.Text(blocks));
        Assert.Equal(0u, counter.Number.ToScalar());
    }

    /// <summary>Text, tag and data lie side by side in a packet, at any address: nothing around them is touched.</summary>
    [Theory]
    [GcmCode(GcmCode.AesNi)]
    [GcmCode(GcmCode.Vaes)]
    public void Nothing_outside_the_text_is_written(GcmCode code)
    {
        byte[] key = new byte[32], nonce = new byte[12], tag = new byte[16], packet = new byte[1700];
        using AeadKey own = code.Create(key);
        for (int length = 0; length <= 1500; length += length < 300 ? 1 : 13)
        {
            int start = 17 + length % 31;
            packet.AsSpan().Fill(0xa5);
            own.SealCore(nonce, packet.AsSpan(0, start), packet.AsSpan(start, length), tag);
            Assert.False(packet.AsSpan(0, start).ContainsAnyExcept((byte)0xa5) || packet.AsSpan(start + length).ContainsAnyExcept((byte)0xa5), $"sealing {length} bytes at {start}");
            Assert.True(own.OpenCore(nonce, packet.AsSpan(0, start), packet.AsSpan(start, length), tag));
            Assert.False(packet.AsSpan().ContainsAnyExcept((byte)0xa5), $"opening {length} bytes at {start}");
        }
    }
}
