using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>A UDP socket that the kernel receives from ahead, into one batch; it sends by sendmmsg.</summary>
internal sealed class RingDatagramSocket : IDatagramSocket
{
    private readonly UdpDatagramSocket _socket;
    private readonly PacketBatch _batch;

    /// <param name="socket">The socket; stays its owner's.</param>
    /// <param name="batch">What every receive adds to.</param>
    /// <param name="receive">What fills it.</param>
    internal RingDatagramSocket(UdpDatagramSocket socket, PacketBatch batch, MultishotReceive receive)
    {
        _socket = socket;
        _batch = batch;
        Ahead = receive;
    }

    public UdpEndpoint LocalEndpoint => _socket.LocalEndpoint;

    public DatagramOffloads Offloads => _socket.Offloads;

    /// <summary>What receives ahead.</summary>
    internal MultishotReceive Ahead { get; }

    public int Receive(PacketBatch batch)
    {
        if (batch != _batch) throw new ArgumentException("The socket receives into the batch that it was added with.", nameof(batch));
        int added = Ahead.Take();
        // Only memory that the kernel does not have may be received into by a call.
        return added == 0 && Ahead.HasNothingLent ? _socket.Receive(batch) : added;
    }

    public int Send(PacketBatch batch, int first) => _socket.Send(batch, first);

    // The socket stays with the one who opened it.
    public void Dispose()
    {
    }
}
