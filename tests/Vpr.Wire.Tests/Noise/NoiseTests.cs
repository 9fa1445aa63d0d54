using Vpr.Wire.Masque;
using Vpr.Wire.Noise;

namespace Vpr.Wire.Tests.Noise;

public class NoiseTests
{
    [Fact]
    public void ATransportDatagramIsOneWordAndACiphertext()
    {
        byte[] bytes = [.. Hex.Bytes("07 000000000001f4"), .. new byte[16]];
        NoiseTransportDatagram datagram = Samples.Parse<NoiseTransportDatagram>(bytes);
        Assert.Equal((7, 500UL), (datagram.Epoch, datagram.Counter));
        Assert.Equal(NoiseTransportDatagram.TagLength, datagram.Ciphertext.Length);
        Assert.Equal(NoiseTransportDatagram.HeaderLength, bytes.Length - datagram.Ciphertext.Length);
        Samples.Refuse<NoiseTransportDatagram>(bytes[..^1]);
    }

    [Fact]
    public void ACounterOf56BitsIsTheLast()
    {
        Samples.Write(new NoiseTransportDatagram { Counter = (1UL << 56) - 1, Ciphertext = new byte[16] });
        Assert.ThrowsAny<ArgumentException>(() => new NoiseTransportDatagram { Counter = 1UL << 56, Ciphertext = new byte[16] }.Write(new byte[64]));
    }

    [Fact]
    public void HandshakeMessagesHaveTheLengthsOfTheirKeys()
    {
        // Without payload: e, e1 + tag, s + tag, tag; and e, ekem1 + tag, tag.
        byte[] first = new byte[32 + 1184 + 16 + 32 + 16 + 16];
        byte[] second = new byte[32 + 1088 + 16 + 16];
        Assert.Equal(1200, Samples.Parse<IkhfsMessage1>(first).EncryptedEncapsulationKey.Length);
        Assert.Equal(1104, Samples.Parse<IkhfsMessage2>(second).EncryptedCiphertext.Length);
        Samples.Refuse<IkhfsMessage1>(first[..^1]);
        Samples.Refuse<IkhfsMessage2>(second[..^1]);
    }

    [Fact]
    public void TheTunnelsCapsulesGreaseNothing()
    {
        ulong[] types = [TunnelCapsuleType.RegisterContext, TunnelCapsuleType.CloseContext, TunnelCapsuleType.RekeyInitiate, TunnelCapsuleType.RekeyRespond];
        Assert.Equal(types.Length, types.Distinct().Count());
        Assert.All(types, type => Assert.True(VarInt.Length(type) == 4 && (type - 0x17) % 0x29 != 0));
    }

    [Fact]
    public void AContextIsRegistered()
    {
        byte[] bytes = Hex.Bytes("9e5dc7a0 03 02 01 00");
        Assert.Equal(new RegisterContextCapsule(2, ContextFormat.NoiseTransport, 0), Samples.Parse<RegisterContextCapsule>(bytes));
        Samples.Refuse<RegisterContextCapsule>(Hex.Bytes("9e5dc7a0 03 00 01 00"));
    }

    [Fact]
    public void ARekeyCapsuleIsAMemberOfTheCapsuleFamily()
    {
        byte[] bytes = Hex.Bytes("9e5dc7a2 03 01 aabb");
        var visitor = new Vpr.Fuzz.Targets.CapsuleVisitor();
        Assert.Equal(WireStatus.Done, Capsule.Dispatch(bytes, ref visitor, out int consumed));
        Assert.Equal(bytes.Length, consumed);
        Assert.Equal(1, Samples.Parse<RekeyInitiateCapsule>(bytes).Epoch);
    }
}
