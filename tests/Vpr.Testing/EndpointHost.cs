using Vpr.Io;
using Vpr.Quic;

namespace Vpr.Testing;

/// <summary>A QUIC endpoint on a <see cref="SimulatedNetwork"/>, with the application's part left to callbacks.</summary>
/// <param name="endpoint">The endpoint; disposed by whoever made it.</param>
public sealed class EndpointHost(QuicEndpoint endpoint) : ISimulatedHost
{
    /// <summary>The endpoint; another one stands for a process that was started again.</summary>
    public QuicEndpoint Endpoint { get; set; } = endpoint;

    /// <summary>Told of every connection that a client opened.</summary>
    public Action<QuicConnection>? Accepted { get; set; }

    /// <summary>Told of every event, in order.</summary>
    public Action<QuicConnection, ConnectionEvent>? Happened { get; set; }

    /// <summary>Sees every datagram before the endpoint does; false drops it.</summary>
    public Func<DatagramPath, byte[], bool>? Filter { get; set; }

    /// <summary>Asked for a datagram whenever the endpoint itself has none: the place of a loop that calls <c>TransmitDatagram</c>.</summary>
    public DatagramSource? MoreToSend { get; set; }

    /// <inheritdoc/>
    public Instant? NextTimeout => Endpoint.NextTimeout;

    /// <inheritdoc/>
    public void Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram)
    {
        if (Filter is { } filter && !filter(path, datagram.ToArray())) return;
        Endpoint.Receive(now, path, ecn, datagram);
        Deliver();
    }

    /// <inheritdoc/>
    public int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn)
    {
        int length = Endpoint.Transmit(now, destination, out path, out ecn);
        if (length > 0 || MoreToSend is null) return length;
        PacketSlot packet = default;
        length = MoreToSend(now, destination, ref packet);
        (path, ecn) = (packet.Path, packet.Ecn);
        return length;
    }

    /// <inheritdoc/>
    public void OnTimeout(Instant now)
    {
        Endpoint.OnTimeout(now);
        Deliver();
    }

    /// <summary>Hands out what waits; called after every datagram and timeout.</summary>
    public void Deliver()
    {
        while (Endpoint.TryAccept(out QuicConnection? accepted)) Accepted?.Invoke(accepted);
        while (Endpoint.TryTakeEventful(out QuicConnection? connection))
            while (connection.TryTakeEvent(out ConnectionEvent ev)) Happened?.Invoke(connection, ev);
    }

    /// <summary>Writes a datagram.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="packet">Receives where it is to be sent, and its mark.</param>
    /// <returns>Its length; 0 for none.</returns>
    public delegate int DatagramSource(Instant now, Span<byte> destination, ref PacketSlot packet);
}
