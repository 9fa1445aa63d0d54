using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Endpoint;

public class AddressTokensTests
{
    private static readonly Instant Start = new(5_000_000_000);
    private static readonly UdpEndpoint Client = UdpEndpoint.FromIpv4(0x0a000001, 1234);
    private static readonly ConnectionId Original = new([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    private static readonly ConnectionId Retried = new([9, 9, 9, 9, 9, 9, 9, 9]);

    private readonly AddressTokens _tokens = new([], new SeededRandom(1));

    [Fact]
    [Trait("rfc", "9000 §8.1.4")]
    public void A_retry_token_gives_the_original_id_back_to_its_address_and_id_alone()
    {
        byte[] token = Retry(Start);
        Assert.Equal(TokenVerdict.Retry, Check(Start, Client, Retried, token, out ConnectionId original));
        Assert.Equal(Original, original);
        Assert.Equal(TokenVerdict.Foreign, Check(Start, Client with { Port = 1235 }, Retried, token, out _));
        Assert.Equal(TokenVerdict.Foreign, Check(Start, Client with { Address = Client.Address + 1 }, Retried, token, out _));
        Assert.Equal(TokenVerdict.Foreign, Check(Start, Client, Original, token, out _));
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void A_retry_token_is_short_lived() =>
        Assert.Equal(TokenVerdict.ExpiredRetry, Check(Start + TimeSpan.FromSeconds(11), Client, Retried, Retry(Start), out _));

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void A_new_token_holds_for_another_port_and_a_day_over_a_change_of_keys()
    {
        byte[] token = new byte[AddressTokens.MaxLength];
        token = token[.._tokens.MakeNew(Start + TimeSpan.FromHours(20), Client, token)];
        UdpEndpoint otherPort = Client with { Port = 9 };
        Assert.Equal(TokenVerdict.NewToken, Check(Start + TimeSpan.FromHours(20), otherPort, Original, token, out _));
        Assert.Equal(TokenVerdict.NewToken, Check(Start + TimeSpan.FromHours(43), otherPort, Original, token, out _));
        Assert.Equal(TokenVerdict.Foreign, Check(Start + TimeSpan.FromHours(45), otherPort, Original, token, out _));
        Assert.Equal(TokenVerdict.Foreign, Check(Start + TimeSpan.FromHours(80), otherPort, Original, token, out _));
    }

    [Fact]
    [Trait("rfc", "9000 §8.1.3")]
    public void Who_shares_the_secret_takes_the_token_also_over_a_change_of_keys_and_nobody_else_does()
    {
        byte[] secret = new byte[32];
        new SeededRandom(2).FillSecret(secret);
        using AddressTokens maker = new(secret, new SeededRandom(3)), taker = new(secret, new SeededRandom(4));
        byte[] token = new byte[AddressTokens.MaxLength];
        token = token[..maker.MakeNew(Start, Client, token)];
        Assert.Equal(TokenVerdict.NewToken, taker.Check(Start, Client, Original, token, out _));
        Assert.Equal(TokenVerdict.NewToken, taker.Check(Start + TimeSpan.FromHours(23.9), Client, Original, token, out _));
        Assert.Equal(TokenVerdict.Foreign, Check(Start, Client, Original, token, out _));
        Assert.Throws<ArgumentException>(() => new AddressTokens(new byte[31], new SeededRandom(5)));
    }

    [Fact]
    public void Any_changed_bit_makes_it_foreign()
    {
        byte[] token = Retry(Start);
        for (int i = 0; i < token.Length; i++)
        {
            token[i] ^= 0x10;
            Assert.Equal(TokenVerdict.Foreign, Check(Start, Client, Retried, token, out _));
            token[i] ^= 0x10;
        }
    }

    [Fact]
    public void Any_other_length_is_foreign()
    {
        for (int length = 1; length < 200; length++)
            Assert.Equal(TokenVerdict.Foreign, Check(Start, Client, Retried, new byte[length], out _));
    }

    private byte[] Retry(Instant now)
    {
        byte[] token = new byte[AddressTokens.MaxLength];
        return token[.._tokens.MakeRetry(now, Client, Original, Retried, token)];
    }

    private TokenVerdict Check(Instant now, UdpEndpoint remote, ConnectionId destination, byte[] token, out ConnectionId original) =>
        _tokens.Check(now, remote, destination, token, out original);
}
