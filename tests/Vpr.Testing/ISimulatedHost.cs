using Vpr.Io;

namespace Vpr.Testing;

/// <summary>Something with a UDP socket on a <see cref="SimulatedNetwork"/>: a QUIC endpoint, or a test's own idea of a peer.</summary>
public interface ISimulatedHost
{
    /// <summary>When <see cref="OnTimeout"/> wants to be called, or null for never.</summary>
    Instant? NextTimeout { get; }

    /// <summary>A datagram arrived.</summary>
    /// <param name="now">The time.</param>
    /// <param name="path">Its destination as local and its source as remote address.</param>
    /// <param name="ecn">Its mark.</param>
    /// <param name="datagram">Its bytes, free to be overwritten, valid during the call.</param>
    void Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram);

    /// <summary>Asks for the next datagram to be sent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">65,535 bytes to write it to.</param>
    /// <param name="path">Where it goes; a local address of <c>default</c> is the host's own.</param>
    /// <param name="ecn">Its mark.</param>
    /// <returns>Its length, or 0 when nothing is to be sent now.</returns>
    int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn);

    /// <summary><see cref="NextTimeout"/> has come.</summary>
    void OnTimeout(Instant now);
}
