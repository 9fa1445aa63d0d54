using Vpr.Crypto;

namespace Vpr.Noise.Tests;

/// <summary>What every pattern must do between two sides of ours; one derived class names one pattern.</summary>
public abstract class HandshakeContract(HandshakePattern pattern)
{
    private static readonly byte[] Prologue = "a value both sides took from their TLS connection"u8.ToArray();

    private readonly X25519PrivateKey _initiatorKey = X25519PrivateKey.Generate(new SeededRandomSource(101));
    private readonly X25519PrivateKey _responderKey = X25519PrivateKey.Generate(new SeededRandomSource(102));

    [Fact]
    public void Both_sides_end_with_the_same_keys()
    {
        (HandshakeState initiator, HandshakeState responder) = Pair();
        foreach (byte[] payload in new[] { Payload(0), Payload(77), Payload(1000) }.Take(pattern.MessageCount))
            Assert.True(Exchange(initiator, responder, payload));

        Assert.True(initiator.IsComplete && responder.IsComplete);
        Assert.Equal(initiator.HandshakeHash, responder.HandshakeHash);
        Assert.Equal(_initiatorKey.PublicKey, responder.RemoteStaticKey);
        Assert.Equal(_responderKey.PublicKey, initiator.RemoteStaticKey);
        (CipherState initiatorSends, CipherState initiatorReceives) = initiator.Split();
        (CipherState responderSends, CipherState responderReceives) = responder.Split();
        AssertCarries(initiatorSends, responderReceives);
        AssertCarries(responderSends, initiatorReceives);

        byte[] text = Payload(32), tag = new byte[16];
        initiatorSends.Seal(9, [], text, tag);
        Assert.False(initiatorReceives.Open(9, [], text, tag)); // each direction has its own key
        Assert.Throws<InvalidOperationException>(() => initiator.Split());
    }

    [Fact]
    public void Every_changed_byte_of_every_message_ends_the_handshake()
    {
        for (int target = 0; target < pattern.MessageCount; target++)
        {
            int length = MessageLength(target);
            // Each byte once, and once more with another bit; in clear parts a later message or the keys must show it.
            for (int at = 0; at < length; at += length > 400 ? 7 : 1)
            {
                (HandshakeState initiator, HandshakeState responder) = Pair();
                bool accepted = true;
                for (int message = 0; message < pattern.MessageCount && accepted; message++)
                    accepted = Exchange(initiator, responder, Payload(20), message == target ? at : -1);
                if (accepted) Assert.False(KeysMatch(initiator, responder), $"message {target}, octet {at}");
            }
        }
    }

    [Fact]
    public void Every_shortened_or_lengthened_message_ends_the_handshake_without_an_exception()
    {
        for (int target = 0; target < pattern.MessageCount; target++)
        {
            int length = MessageLength(target);
            for (int cut = 0; cut <= length + 3; cut += length > 400 && cut is > 100 and < 1300 ? 29 : 1)
            {
                if (cut == length) continue;
                (HandshakeState initiator, HandshakeState responder) = Pair();
                for (int message = 0; message < target; message++) Assert.True(Exchange(initiator, responder, Payload(20)));
                (HandshakeState writer, HandshakeState reader) = initiator.IsWriting ? (initiator, responder) : (responder, initiator);
                byte[] bytes = new byte[length + 3];
                Assert.True(writer.TryWriteMessage(Payload(20), bytes, out _));
                if (reader.TryReadMessage(bytes.AsSpan(0, cut), new byte[bytes.Length], out int read))
                {
                    // Only a payload that is still in clear can change its length; the hash shows it later.
                    Assert.Equal((target, pattern), (0, HandshakePattern.XX));
                    Assert.False(writer.HandshakeHash.SequenceEqual(reader.HandshakeHash));
                }
                else
                {
                    Assert.True(reader.IsFailed);
                    Assert.Equal(0, read);
                    Assert.True(reader.RemoteStaticKey.IsEmpty);
                    Assert.Throws<InvalidOperationException>(() => reader.TryReadMessage(bytes, new byte[bytes.Length], out _));
                    Assert.Throws<InvalidOperationException>(() => reader.Split());
                }
            }
        }
    }

    [Fact]
    [Trait("noise", "rev 34 §6")]
    public void Another_prologue_fails()
    {
        SeededRandomSource random = new(111);
        using HandshakeState initiator = Initiator(random);
        using HandshakeState responder = HandshakeState.CreateResponder(pattern, _responderKey, [.. Prologue, 0], random);
        Assert.False(RunAll(initiator, responder));
    }

    [Fact]
    public void Another_responder_cannot_answer()
    {
        SeededRandomSource random = new(112);
        using X25519PrivateKey other = X25519PrivateKey.Generate(random);
        using HandshakeState initiator = Initiator(random);
        using HandshakeState responder = HandshakeState.CreateResponder(pattern, other, Prologue, random);
        if (pattern.ResponderStaticIsKnown) Assert.False(RunAll(initiator, responder));
        else Assert.True(RunAll(initiator, responder) && initiator.RemoteStaticKey.SequenceEqual(other.PublicKey));
    }

    [Fact]
    public void A_replayed_first_message_gives_no_keys()
    {
        (HandshakeState initiator, HandshakeState first) = Pair();
        byte[] message = new byte[MessageLength(0)];
        Assert.True(initiator.TryWriteMessage(Payload(20), message, out _));
        using HandshakeState second = HandshakeState.CreateResponder(pattern, _responderKey, Prologue, new SeededRandomSource(114));
        Assert.True(first.TryReadMessage(message, new byte[message.Length], out _));
        Assert.True(second.TryReadMessage(message, new byte[message.Length], out _));

        byte[] fromFirst = new byte[2000], fromSecond = new byte[2000];
        Assert.True(first.TryWriteMessage([], fromFirst, out int firstLength));
        Assert.True(second.TryWriteMessage([], fromSecond, out int secondLength));
        Assert.False(fromFirst.AsSpan(0, firstLength).SequenceEqual(fromSecond.AsSpan(0, secondLength)));
        Assert.False(first.HandshakeHash.SequenceEqual(second.HandshakeHash));
    }

    [Fact]
    public void An_ephemeral_key_of_small_order_ends_the_handshake()
    {
        (_, HandshakeState responder) = Pair();
        byte[] message = new byte[MessageLength(0)]; // begins with the point 0
        bool read = responder.TryReadMessage(message, new byte[message.Length], out _);
        Assert.False(read && responder.TryWriteMessage([], new byte[2000], out _));
        Assert.True(responder.IsFailed);
    }

    [Fact]
    public void Random_messages_of_any_length_are_refused_without_an_exception()
    {
        const int Seed = 115;
        Random random = new(Seed);
        for (int i = 0; i < 400; i++)
        {
            int target = random.Next(pattern.MessageCount);
            (HandshakeState initiator, HandshakeState responder) = Pair();
            for (int message = 0; message < target; message++) Assert.True(Exchange(initiator, responder, []));
            HandshakeState reader = initiator.IsWriting ? responder : initiator;
            byte[] bytes = new byte[random.Next(2) == 0 ? random.Next(200) : random.Next(1500)];
            random.NextBytes(bytes);
            bool read = reader.TryReadMessage(bytes, new byte[bytes.Length], out _);
            // The first message of XX is all in clear: any 32 bytes are a key.
            Assert.True(!read || (target == 0 && pattern == HandshakePattern.XX), $"seed {Seed}, case {i}");
        }
    }

    [Fact]
    public void Turns_and_buffers_are_checked()
    {
        (HandshakeState initiator, HandshakeState responder) = Pair();
        Assert.True(initiator.IsWriting);
        Assert.False(responder.IsWriting);
        Assert.Throws<InvalidOperationException>(() => responder.TryWriteMessage([], new byte[4000], out _));
        Assert.Throws<InvalidOperationException>(() => initiator.TryReadMessage([], [], out _));
        Assert.Throws<InvalidOperationException>(() => initiator.Split());
        Assert.Throws<ArgumentException>(() => initiator.TryWriteMessage(Payload(5), new byte[initiator.NextMessageOverhead + 4], out _));
        Assert.Throws<ArgumentException>(() => initiator.TryWriteMessage(new byte[65535], new byte[70000], out _));
        Assert.Throws<ArgumentException>(() => HandshakeState.CreateInitiator(pattern, _initiatorKey, new byte[31], [], new SeededRandomSource(1)));
    }

    private (HandshakeState Initiator, HandshakeState Responder) Pair()
    {
        SeededRandomSource random = new(120);
        return (Initiator(random), HandshakeState.CreateResponder(pattern, _responderKey, Prologue, random));
    }

    private HandshakeState Initiator(SeededRandomSource random) => HandshakeState.CreateInitiator(
        pattern, _initiatorKey, pattern.ResponderStaticIsKnown ? _responderKey.PublicKey : default, Prologue, random);

    private int MessageLength(int index)
    {
        (HandshakeState initiator, HandshakeState responder) = Pair();
        for (int message = 0; message < index; message++) Assert.True(Exchange(initiator, responder, Payload(20)));
        return initiator.NextMessageOverhead + 20;
    }

    private bool RunAll(HandshakeState initiator, HandshakeState responder)
    {
        for (int message = 0; message < pattern.MessageCount; message++)
        {
            if (!Exchange(initiator, responder, Payload(20))) return false;
        }

        return KeysMatch(initiator, responder);
    }

    /// <summary>Passes the next message, with one octet changed if that is asked for.</summary>
    private static bool Exchange(HandshakeState initiator, HandshakeState responder, byte[] payload, int changed = -1)
    {
        (HandshakeState writer, HandshakeState reader) = initiator.IsWriting ? (initiator, responder) : (responder, initiator);
        byte[] message = new byte[writer.NextMessageOverhead + payload.Length], read = new byte[message.Length];
        if (!writer.TryWriteMessage(payload, message, out int written)) return false;
        Assert.Equal(message.Length, written);
        if (changed >= 0) message[changed] ^= 0x04;
        if (!reader.TryReadMessage(message, read, out int length)) return false;
        if (changed < 0) Assert.Equal(payload, read.AsSpan(0, length));
        return true;
    }

    private static bool KeysMatch(HandshakeState initiator, HandshakeState responder)
    {
        (CipherState sends, _) = initiator.Split();
        (_, CipherState receives) = responder.Split();
        byte[] text = Payload(8), tag = new byte[16];
        sends.Seal(0, [], text, tag);
        return receives.Open(0, [], text, tag);
    }

    private static void AssertCarries(CipherState sender, CipherState receiver)
    {
        for (int i = 0; i < 3; i++)
        {
            byte[] text = Payload(100 + i), tag = new byte[16];
            Assert.True(sender.TryEncrypt("header"u8, text, tag));
            Assert.NotEqual(Payload(100 + i), text);
            tag[0] ^= 1;
            Assert.False(receiver.TryDecrypt("header"u8, (byte[])text.Clone(), tag));
            tag[0] ^= 1;
            Assert.True(receiver.TryDecrypt("header"u8, text, tag));
            Assert.Equal(Payload(100 + i), text);
        }

        Assert.Equal(3UL, sender.Nonce);
        Assert.Equal(3UL, receiver.Nonce);
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 & 0xff))];
}

public sealed class IKTests() : HandshakeContract(HandshakePattern.IK);

public sealed class XXTests() : HandshakeContract(HandshakePattern.XX);

public sealed class IKhfsTests() : HandshakeContract(HandshakePattern.IKhfs)
{
    [Fact]
    [Trait("noise", "hfs §5")]
    public void The_kem_adds_its_keys_to_the_messages_of_IK()
    {
        using X25519PrivateKey key = X25519PrivateKey.Generate(new SeededRandomSource(130));
        using HandshakeState plain = HandshakeState.CreateInitiator(HandshakePattern.IK, key, key.PublicKey, [], new SeededRandomSource(131));
        using HandshakeState hybrid = HandshakeState.CreateInitiator(HandshakePattern.IKhfs, key, key.PublicKey, [], new SeededRandomSource(131));
        Assert.Equal(96, plain.NextMessageOverhead);
        Assert.Equal(96 + 1184 + 16, hybrid.NextMessageOverhead);
        Assert.True(hybrid.TryWriteMessage([], new byte[1296], out _));
        Assert.Equal(32 + 1088 + 16 + 16, hybrid.NextMessageOverhead);
    }
}
