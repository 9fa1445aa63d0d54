namespace Vpr.Quic.Tests.Connection;

public class RemoteConnectionIdsTests
{
    [Fact]
    [Trait("rfc", "9000 §19.15")]
    public void Zero_length_ids_cannot_be_joined_by_others()
    {
        RemoteConnectionIds ids = new(4);
        ids.SetInitial(new ConnectionId([]));
        Assert.Equal(TransportErrorCode.ProtocolViolation, Add(ids, 1, 0));
    }

    [Fact]
    [Trait("rfc", "9000 §19.15")]
    public void Retiring_beyond_the_frames_own_number_is_an_encoding_error() =>
        Assert.Equal(TransportErrorCode.FrameEncodingError, Add(Create(4), 1, 2));

    [Fact]
    [Trait("rfc", "9000 §5.1.1")]
    public void More_than_the_limit_is_an_error()
    {
        RemoteConnectionIds ids = Create(3);
        Assert.Equal(TransportErrorCode.NoError, Add(ids, 1, 0));
        Assert.Equal(TransportErrorCode.NoError, Add(ids, 2, 0));
        Assert.Equal(TransportErrorCode.ConnectionIdLimitError, Add(ids, 3, 0));
    }

    [Fact]
    [Trait("rfc", "9000 §19.15")]
    public void The_same_frame_again_does_nothing()
    {
        RemoteConnectionIds ids = Create(2);
        Assert.Equal(TransportErrorCode.NoError, Add(ids, 1, 0));
        Assert.Equal(TransportErrorCode.NoError, Add(ids, 1, 0));
        Assert.False(ids.HasUnsentRetirement);
    }

    [Fact]
    [Trait("rfc", "9000 §19.15")]
    public void One_number_with_two_ids_or_one_id_with_two_numbers_is_a_violation()
    {
        RemoteConnectionIds ids = Create(4);
        Add(ids, 1, 0);
        Assert.Equal(TransportErrorCode.ProtocolViolation, ids.Add(1, 0, Id(9), Token(1)));
        Assert.Equal(TransportErrorCode.ProtocolViolation, ids.Add(2, 0, Id(1), Token(2)));
        Assert.Equal(TransportErrorCode.ProtocolViolation, ids.Add(1, 0, Id(1), Token(7)));
    }

    [Fact]
    [Trait("rfc", "9000 §5.1.2")]
    public void Retire_prior_to_moves_on_and_gives_the_old_ones_back()
    {
        RemoteConnectionIds ids = Create(4);
        Add(ids, 1, 0);
        Assert.Equal(TransportErrorCode.NoError, Add(ids, 2, 2));

        Assert.Equal(Id(2), ids.Current);
        List<ulong> retired = [];
        while (ids.TryTakeUnsentRetirement(out ulong sequence)) retired.Add(sequence);
        retired.Sort();
        Assert.Equal([0UL, 1UL], retired);
        ids.OnRetirementLost(1);
        Assert.True(ids.TryTakeUnsentRetirement(out ulong again));
        Assert.Equal(1UL, again);
        ids.OnRetirementAcknowledged(1);
        ids.OnRetirementLost(1);
        Assert.False(ids.HasUnsentRetirement);
    }

    [Fact]
    [Trait("rfc", "9000 §19.15")]
    public void An_overtaken_frame_below_retire_prior_to_is_retired_at_once()
    {
        RemoteConnectionIds ids = Create(4);
        Add(ids, 3, 3);
        while (ids.TryTakeUnsentRetirement(out _))
        {
        }

        Assert.Equal(TransportErrorCode.NoError, Add(ids, 2, 0));
        Assert.True(ids.TryTakeUnsentRetirement(out ulong sequence));
        Assert.Equal(2UL, sequence);
        Assert.Equal(Id(3), ids.Current);
    }

    [Fact]
    [Trait("rfc", "9000 §5.1.2")]
    public void A_peer_that_never_acknowledges_retirements_meets_a_limit()
    {
        RemoteConnectionIds ids = Create(2);
        TransportErrorCode error = TransportErrorCode.NoError;
        for (ulong sequence = 1; sequence < 200 && error == TransportErrorCode.NoError; sequence++) error = Add(ids, sequence, sequence);
        Assert.Equal(TransportErrorCode.ConnectionIdLimitError, error);
    }

    [Fact]
    [Trait("rfc", "9000 §10.3.1")]
    public void A_reset_token_is_known_while_its_id_is_in_use()
    {
        RemoteConnectionIds ids = Create(4);
        Add(ids, 1, 0);
        byte[] bytes = new byte[16];
        Token(1).CopyTo(bytes);
        Assert.True(ids.IsResetToken(bytes));
        Add(ids, 2, 2);
        Assert.False(ids.IsResetToken(bytes));
    }

    private static RemoteConnectionIds Create(int limit)
    {
        RemoteConnectionIds ids = new(limit);
        ids.SetInitial(Id(0));
        return ids;
    }

    private static TransportErrorCode Add(RemoteConnectionIds ids, ulong sequence, ulong retirePriorTo) =>
        ids.Add(sequence, retirePriorTo, Id((byte)sequence), Token((byte)sequence));

    private static ConnectionId Id(byte value) => new([value, 1, 2, 3, 4, 5, 6, 7]);

    private static StatelessResetToken Token(byte value)
    {
        byte[] bytes = new byte[16];
        bytes.AsSpan().Fill(value);
        return new StatelessResetToken(bytes);
    }
}
