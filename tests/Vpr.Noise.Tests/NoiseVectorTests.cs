using System.Text.Json;
using Vpr.Crypto;

namespace Vpr.Noise.Tests;

/// <summary>Published handshakes, message by message, with both sides' keys given.</summary>
public sealed class NoiseVectorTests
{
    private static readonly JsonDocument Document = Load();

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, Document.RootElement.GetProperty("vectors").GetArrayLength())];

    [Theory]
    [Trait("noise", "rev 34 §5, §7.5")]
    [MemberData(nameof(Vectors))]
    public void Every_message_is_the_published_one(int index)
    {
        JsonElement vector = Document.RootElement.GetProperty("vectors")[index];
        HandshakePattern pattern = vector.GetProperty("protocol").GetString() switch
        {
            "Noise_IK_25519_AESGCM_SHA256" => HandshakePattern.IK,
            "Noise_XX_25519_AESGCM_SHA256" => HandshakePattern.XX,
            string other => throw new InvalidDataException(other),
            null => throw new InvalidDataException(),
        };
        byte[] prologue = Bytes(vector, "prologue");
        using X25519PrivateKey initiatorKey = X25519PrivateKey.Import(Bytes(vector, "initiatorStatic"));
        using X25519PrivateKey responderKey = X25519PrivateKey.Import(Bytes(vector, "responderStatic"));
        using HandshakeState initiator = HandshakeState.CreateInitiator(
            pattern, initiatorKey, pattern.ResponderStaticIsKnown ? responderKey.PublicKey : default, prologue,
            new FixedRandomSource(Bytes(vector, "initiatorEphemeral")));
        using HandshakeState responder = HandshakeState.CreateResponder(
            pattern, responderKey, prologue, new FixedRandomSource(Bytes(vector, "responderEphemeral")));

        JsonElement messages = vector.GetProperty("messages");
        for (int i = 0; i < pattern.MessageCount; i++)
        {
            if (i == pattern.MessageCount - 1 && vector.TryGetProperty("hashBeforeLastMessage", out JsonElement hash))
                Assert.Equal(hash.GetString(), Convert.ToHexStringLower(initiator.HandshakeHash));
            CheckHandshakeMessage(messages[i], initiator, responder);
        }

        Assert.True(initiator.IsComplete && responder.IsComplete);
        Assert.Equal(initiatorKey.PublicKey, responder.RemoteStaticKey);
        Assert.Equal(responderKey.PublicKey, initiator.RemoteStaticKey);
        Assert.Equal(initiator.HandshakeHash, responder.HandshakeHash);

        (CipherState initiatorSends, CipherState initiatorReceives) = initiator.Split();
        (CipherState responderSends, CipherState responderReceives) = responder.Split();
        Assert.True(messages.GetArrayLength() > pattern.MessageCount);
        for (int i = pattern.MessageCount; i < messages.GetArrayLength(); i++)
        {
            bool fromInitiator = messages[i].GetProperty("sender").GetString() == "initiator";
            CheckTransportMessage(
                messages[i], fromInitiator ? initiatorSends : responderSends, fromInitiator ? responderReceives : initiatorReceives);
        }
    }

    private static void CheckHandshakeMessage(JsonElement message, HandshakeState initiator, HandshakeState responder)
    {
        bool fromInitiator = message.GetProperty("sender").GetString() == "initiator";
        (HandshakeState writer, HandshakeState reader) = fromInitiator ? (initiator, responder) : (responder, initiator);
        byte[] payload = Bytes(message, "payload"), expected = Bytes(message, "ciphertext"), written = new byte[expected.Length], read = new byte[expected.Length];

        Assert.Equal(expected.Length, writer.NextMessageOverhead + payload.Length);
        Assert.Equal(writer.NextMessageOverhead, reader.NextMessageOverhead);
        Assert.True(writer.TryWriteMessage(payload, written, out int length));
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(written.AsSpan(0, length)));
        Assert.True(reader.TryReadMessage(written, read, out int payloadLength));
        Assert.Equal(payload, read.AsSpan(0, payloadLength));
    }

    private static void CheckTransportMessage(JsonElement message, CipherState sender, CipherState receiver)
    {
        byte[] payload = Bytes(message, "payload"), text = (byte[])payload.Clone(), tag = new byte[16];
        Assert.True(sender.TryEncrypt([], text, tag));
        Assert.Equal(message.GetProperty("ciphertext").GetString(), Convert.ToHexStringLower(text) + Convert.ToHexStringLower(tag));
        Assert.True(receiver.TryDecrypt([], text, tag));
        Assert.Equal(payload, text);
    }

    private static byte[] Bytes(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static JsonDocument Load()
    {
        using Stream stream = typeof(NoiseVectorTests).Assembly.GetManifestResourceStream("noise-ik-xx.json")!;
        return JsonDocument.Parse(stream);
    }
}
