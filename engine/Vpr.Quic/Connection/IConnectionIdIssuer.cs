namespace Vpr.Quic;

/// <summary>Gives a connection the IDs it is reached by, and routes packets that carry them to it.</summary>
internal interface IConnectionIdIssuer
{
    /// <summary>Makes a new ID, never given before, that leads to <paramref name="connection"/> from now on.</summary>
    /// <param name="connection">Who is to be reached.</param>
    /// <param name="token">The stateless reset token that belongs to the ID.</param>
    ConnectionId Issue(QuicConnection connection, out StatelessResetToken token);

    /// <summary>Ends the routing of <paramref name="id"/>.</summary>
    void Withdraw(ConnectionId id);
}
