using Vpr.Crypto;

namespace Vpr.Noise.Tests;

public sealed class CipherStateTests
{
    [Fact]
    [Trait("noise", "rev 34 §12.4")]
    public void The_counter_is_the_end_of_the_nonce_most_significant_byte_first()
    {
        byte[] key = Key(), text = new byte[20], tag = new byte[16], expectedText = new byte[20], expectedTag = new byte[16];
        using CipherState state = new(key);
        using Aead aead = Aead.Create(AeadAlgorithm.Aes256Gcm, key);
        state.Seal(0x0102030405060708, "data"u8, text, tag);
        aead.Seal([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], "data"u8, expectedText, expectedTag);
        Assert.Equal(expectedText, text);
        Assert.Equal(expectedTag, tag);
    }

    [Fact]
    [Trait("noise", "rev 34 §4.2")]
    public void Rekey_takes_the_encryption_of_zeros_under_the_last_counter()
    {
        byte[] key = Key(), next = new byte[32], tag = new byte[16], text = new byte[9], expected = new byte[9];
        using Aead aead = Aead.Create(AeadAlgorithm.Aes256Gcm, key);
        aead.Seal([0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], [], next, tag);

        using CipherState state = new(key), fresh = new(next);
        Assert.True(state.TryEncrypt([], new byte[1], tag));
        state.Rekey();
        Assert.Equal(1UL, state.Nonce);
        Assert.True(state.TryEncrypt([], text, tag));
        fresh.Seal(1, [], expected, new byte[16]);
        Assert.Equal(expected, text);
    }

    [Fact]
    [Trait("noise", "rev 34 §5.1")]
    public void The_last_counter_is_reserved()
    {
        using CipherState state = new(Key());
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Seal(CipherState.ReservedNonce, [], new byte[1], new byte[16]));
        Assert.False(state.Open(CipherState.ReservedNonce, [], new byte[1], new byte[16]));
    }

    [Fact]
    public void Lost_and_overtaken_messages_open_under_their_own_counters()
    {
        using CipherState sender = new(Key()), receiver = new(Key());
        byte[][] texts = new byte[10][], tags = new byte[10][];
        for (int i = 0; i < texts.Length; i++)
        {
            (texts[i], tags[i]) = ([.. Enumerable.Repeat((byte)i, 50)], new byte[16]);
            sender.Seal((ulong)i, [], texts[i], tags[i]);
        }

        foreach (int i in new[] { 7, 2, 9, 0 })
        {
            Assert.False(receiver.Open((ulong)i + 1, [], (byte[])texts[i].Clone(), tags[i]));
            Assert.True(receiver.Open((ulong)i, [], texts[i], tags[i]));
            Assert.All(texts[i], octet => Assert.Equal(i, octet));
        }
    }

    private static byte[] Key() => [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
}
