namespace Vpr.Quic.Tests.Connection;

public class TransportParametersTests
{
    [Fact]
    [Trait("rfc", "9000 §18")]
    public void What_is_written_is_read()
    {
        TransportParameters written = TransportParameters.From(new TransportOptions()) with
        {
            InitialSourceConnectionId = new ConnectionId([1, 2, 3, 4, 5, 6, 7, 8]),
            OriginalDestinationConnectionId = new ConnectionId([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]),
            RetrySourceConnectionId = new ConnectionId([]),
            DisableActiveMigration = true,
            MinAckDelay = 25_000,
        };
        byte[] bytes = new byte[TransportParameters.MaxEncodedLength];
        int length = written.Write(bytes);
        Assert.Equal(written, TransportParameters.Parse(bytes.AsSpan(0, length), fromServer: true));
        for (int cut = 1; cut < length; cut++)
        {
            // A cut between two parameters leaves fewer of them; anywhere else it is an error. Neither throws.
            TransportParameters? partial = TransportParameters.Parse(bytes.AsSpan(0, cut), fromServer: true);
            Assert.NotEqual(written, partial);
        }
    }

    [Fact]
    [Trait("rfc", "9000 §18.2")]
    public void Absent_parameters_have_their_defaults()
    {
        TransportParameters parsed = TransportParameters.Parse([], fromServer: false)!;
        Assert.Equal(65_527UL, parsed.MaxUdpPayloadSize);
        Assert.Equal(3, parsed.AckDelayExponent);
        Assert.Equal(25UL, parsed.MaxAckDelay);
        Assert.Equal(2UL, parsed.ActiveConnectionIdLimit);
        Assert.Equal(0UL, parsed.MaxIdleTimeout + parsed.InitialMaxData + parsed.InitialMaxStreamsBidi + parsed.MaxDatagramFrameSize);
    }

    [Theory]
    [InlineData("0100", "too short a value")]
    [InlineData("01020102", "a value shorter than its length")]
    [InlineData("01010101010102", "twice the same")]
    [InlineData("0302 44af", "max_udp_payload_size below 1200")]
    [InlineData("0a0115", "ack_delay_exponent above 20")]
    [InlineData("0b0480004000", "max_ack_delay of 2^14")]
    [InlineData("0e0101", "active_connection_id_limit below 2")]
    [InlineData("0808d000000000000001", "more than 2^60 streams")]
    [InlineData("0c0100", "disable_active_migration with a value")]
    [InlineData("c0000000ff04de1b 04 800061a9", "min_ack_delay above the default max_ack_delay")]
    [InlineData("0b0101 c0000000ff04de1b 02 43e9", "min_ack_delay above max_ack_delay")]
    [InlineData("c0000000ff04de1b 02 43e9 0b0101", "min_ack_delay above max_ack_delay, in the other order")]
    [InlineData("c0000000ff04de1b 0105 c0000000ff04de1b 0105", "min_ack_delay twice")]
    [InlineData("0f15000102030405060708090a0b0c0d0e0f101112131415", "a connection ID of 21 bytes")]
    [Trait("rfc", "9000 §7.4")]
    public void What_breaks_the_rules_is_refused(string hex, string what) =>
        Assert.True(TransportParameters.Parse(Hex(hex), fromServer: false) is null, what);

    [Theory]
    [InlineData("0000")]
    [InlineData("021000112233445566778899aabbccddeeff")]
    [InlineData("1000")]
    [Trait("rfc", "9000 §18.2")]
    public void A_client_may_not_send_what_is_the_servers(string hex)
    {
        Assert.Null(TransportParameters.Parse(Hex(hex), fromServer: false));
        Assert.NotNull(TransportParameters.Parse(Hex(hex), fromServer: true));
    }

    [Fact]
    public void A_min_ack_delay_is_in_microseconds_and_optional()
    {
        Assert.Equal(1000UL, TransportParameters.Parse(Hex("0b0101 c0000000ff04de1b 02 43e8"), fromServer: false)!.MinAckDelay);
        Assert.Null(TransportParameters.Parse([], fromServer: true)!.MinAckDelay);
    }

    [Fact]
    [Trait("rfc", "9000 §7.4.2")]
    public void Unknown_ones_are_passed_over() => Assert.NotNull(TransportParameters.Parse(Hex("7b1a03010203 0401 05"), fromServer: false));

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
