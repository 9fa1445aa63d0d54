namespace Vpr.Quic.Tests.Connection;

public class LocalConnectionIdsTests
{
    private readonly Issuer _issuer = new();

    [Fact]
    [Trait("rfc", "9000 §5.1.1")]
    public void As_many_are_issued_as_the_peer_takes()
    {
        LocalConnectionIds ids = Create();
        ids.Fill(4);

        Assert.Equal([1UL, 2UL, 3UL], TakeAll(ids));
        Assert.False(ids.HasUnsent);
        ids.Fill(4);
        Assert.False(ids.HasUnsent);
    }

    [Fact]
    [Trait("rfc", "9000 §5.1.1")]
    public void However_many_the_peer_takes_our_own_bound_holds()
    {
        LocalConnectionIds ids = Create();
        ids.Fill(ulong.MaxValue);
        Assert.Equal(LocalConnectionIds.MaxActive, _issuer.Routed.Count);
    }

    [Fact]
    [Trait("rfc", "9000 §19.16")]
    public void A_retired_one_is_replaced_and_no_longer_routed()
    {
        LocalConnectionIds ids = Create();
        ids.Fill(2);
        TakeAll(ids);
        ConnectionId first = ids.Initial;

        Assert.Equal(TransportErrorCode.NoError, ids.Retire(0, packetDestination: default));
        ids.Fill(2);
        Assert.DoesNotContain(first, _issuer.Routed);
        Assert.Equal([2UL], TakeAll(ids));
    }

    [Fact]
    [Trait("rfc", "9000 §19.16")]
    public void Retiring_what_was_never_issued_is_a_violation() =>
        Assert.Equal(TransportErrorCode.ProtocolViolation, Create().Retire(1, packetDestination: default));

    [Fact]
    [Trait("rfc", "9000 §19.16")]
    public void Retiring_the_id_of_the_very_packet_is_a_violation()
    {
        LocalConnectionIds ids = Create();
        Assert.Equal(TransportErrorCode.ProtocolViolation, ids.Retire(0, ids.Initial));
    }

    [Fact]
    [Trait("rfc", "9000 §13.3")]
    public void A_lost_announcement_is_repeated_with_the_same_sequence_number()
    {
        LocalConnectionIds ids = Create();
        ids.Fill(3);
        TakeAll(ids);
        ids.OnLost(2);
        Assert.Equal([2UL], TakeAll(ids));
    }

    private LocalConnectionIds Create()
    {
        LocalConnectionIds ids = new(_issuer, owner: null!);
        ids.IssueInitial(out _);
        return ids;
    }

    private static List<ulong> TakeAll(LocalConnectionIds ids)
    {
        List<ulong> sequences = [];
        while (ids.TryTakeUnsent(out ulong sequence, out _, out _)) sequences.Add(sequence);
        return sequences;
    }

    private sealed class Issuer : IConnectionIdIssuer
    {
        private byte _next;

        public HashSet<ConnectionId> Routed { get; } = [];

        public ConnectionId Issue(QuicConnection connection, out StatelessResetToken token)
        {
            token = default;
            ConnectionId id = new([++_next, 0, 0, 0, 0, 0, 0, 0]);
            Routed.Add(id);
            return id;
        }

        public void Withdraw(ConnectionId id) => Routed.Remove(id);
    }
}
