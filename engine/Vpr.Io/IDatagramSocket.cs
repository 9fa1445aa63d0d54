namespace Vpr.Io;

/// <summary>A UDP socket that moves batches.</summary>
/// <remarks>Never blocks; one thread at a time.</remarks>
public interface IDatagramSocket : IDisposable
{
    /// <summary>The address the socket is bound to.</summary>
    UdpEndpoint LocalEndpoint { get; }

    /// <summary>Adds to <paramref name="batch"/> the datagrams that wait, with path and ECN bits, at most as many as fit.</summary>
    /// <returns>How many were added; 0 when none waits.</returns>
    int Receive(PacketBatch batch);

    /// <summary>Sends the datagrams of <paramref name="batch"/> from <paramref name="first"/> on, each to its slot's path.</summary>
    /// <returns>How many slots the kernel took, from <paramref name="first"/> on; fewer than asked when its buffer is full, and the caller tries the rest when the socket is writable again. A datagram that can never be sent (too big, unreachable) counts as taken and is dropped.</returns>
    int Send(PacketBatch batch, int first);
}
