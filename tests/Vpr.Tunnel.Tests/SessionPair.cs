using Vpr.Crypto;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Testing;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel.Tests;

/// <summary>Both ends of an authenticated session, from one handshake.</summary>
internal static class SessionPair
{
    public static SessionParameters Parameters(byte epoch, SessionFeatures features = SessionFeatures.SealedPackets) => new(1, features, epoch, 1_800_000_000);

    public static (EpochCipher Client, EpochCipher Server) Ciphers(byte epoch)
    {
        IRandomSource random = new SeededRandom(1);
        var binding = new FixedBinding(9);
        using X25519PrivateKey clientKey = X25519PrivateKey.Generate(random), serverKey = X25519PrivateKey.Generate(random);
        using var client = new ClientAuthentication(clientKey, serverKey.PublicKey.ToArray(), Parameters(epoch), random);
        Assert.True(ServerAuthentication.TryRead(client.CreateRequest(binding), binding, serverKey, random, out ServerAuthentication? server));
        using (server)
        {
            Assert.True(client.TryAcceptResponse(server.Accept(Parameters(epoch), out SessionKeys serverKeys)));
            Assert.True(client.TryTakeKeys(out SessionKeys? clientKeys));
            return (clientKeys.TakeCipher(), serverKeys.TakeCipher());
        }
    }

    /// <summary>A connection's exporter, the same for the same number.</summary>
    internal sealed class FixedBinding(byte connection) : IChannelBinding
    {
        public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output) => output.Fill(connection);
    }
}
