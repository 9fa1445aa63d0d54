using System.Diagnostics.CodeAnalysis;
using Vpr.Crypto;
using Vpr.Testing;

namespace Vpr.Tunnel.Tests;

public sealed class AuthenticationTests : IDisposable
{
    private static readonly SessionPair.FixedBinding s_connection = new(1), s_otherConnection = new(2);

    private readonly SeededRandom _random = new(2);
    private readonly X25519PrivateKey _clientKey;
    private readonly X25519PrivateKey _serverKey;

    public AuthenticationTests() => (_clientKey, _serverKey) = (X25519PrivateKey.Generate(_random), X25519PrivateKey.Generate(_random));

    [Fact]
    public void The_server_learns_the_clients_key_and_wishes()
    {
        Assert.True(TryRead(Request(), s_connection, _serverKey, out ServerAuthentication? authentication));
        using (authentication)
        {
            Assert.Equal(_clientKey.PublicKey.ToArray(), authentication.ClientPublicKey.ToArray());
            Assert.Equal(SessionPair.Parameters(3), authentication.Requested);
        }
    }

    [Fact]
    public void A_request_of_another_connection_fails() => Assert.False(TryRead(Request(), s_otherConnection, _serverKey, out _));

    [Fact]
    public void A_request_for_another_server_fails()
    {
        using X25519PrivateKey other = X25519PrivateKey.Generate(_random);
        Assert.False(TryRead(Request(), s_connection, other, out _));
    }

    [Fact]
    public void Not_one_byte_of_a_request_may_change()
    {
        byte[] request = Request();
        for (int at = 0; at < request.Length; at += 41)
        {
            byte[] changed = request.ToArray();
            changed[at] ^= 4;
            Assert.False(TryRead(changed, s_connection, _serverKey, out _), $"byte {at}");
        }
    }

    [Theory]
    [InlineData(-1300)]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_request_of_another_length_fails(int longer)
    {
        byte[] request = Request();
        Array.Resize(ref request, request.Length + longer);
        Assert.False(TryRead(request, s_connection, _serverKey, out _));
    }

    [Fact]
    public void An_answer_to_another_request_fails()
    {
        using ClientAuthentication client = Client();
        client.CreateRequest(s_connection);
        Assert.True(TryRead(Request(), s_connection, _serverKey, out ServerAuthentication? authentication));
        using (authentication)
        {
            byte[] answer = authentication.Accept(SessionPair.Parameters(3), out SessionKeys keys);
            keys.Dispose();
            Assert.False(client.TryAcceptResponse(answer));
            Assert.False(client.TryTakeKeys(out _));
        }
    }

    public void Dispose()
    {
        _clientKey.Dispose();
        _serverKey.Dispose();
    }

    private ClientAuthentication Client() => new(_clientKey, _serverKey.PublicKey.ToArray(), SessionPair.Parameters(3), _random);

    private byte[] Request()
    {
        using ClientAuthentication client = Client();
        return client.CreateRequest(s_connection);
    }

    private bool TryRead(byte[] message, SessionPair.FixedBinding connection, X25519PrivateKey key, [NotNullWhen(true)] out ServerAuthentication? authentication) =>
        ServerAuthentication.TryRead(message, connection, key, _random, out authentication);
}
