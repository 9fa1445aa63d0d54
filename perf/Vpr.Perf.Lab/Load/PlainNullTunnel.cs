using Vpr.Io;

namespace Vpr.Perf.Lab.Load;

/// <summary>A null tunnel that moves packet by packet.</summary>
internal sealed class PlainNullTunnel(NullTunnelOptions options) : NullTunnel(options, PacketOffloads.None, runs: false)
{
    private const int BatchSize = 64;
    private const int SlotSize = 2048;

    private readonly PacketBatch _batch = new(BatchSize, SlotSize, 0);

    /// <inheritdoc/>
    protected override void Send(IPacketDevice device, IDatagramSocket socket)
    {
        _batch.Clear();
        device.Read(_batch);
        for (int i = 0; i < _batch.Count; i++) _batch[i].Path = Path;
        // What the socket's buffer does not take is lost, as in any network.
        socket.Send(_batch, 0);
    }

    /// <inheritdoc/>
    protected override void Receive(IDatagramSocket socket, IPacketDevice device)
    {
        _batch.Clear();
        socket.Receive(_batch);
        device.Write(_batch);
    }
}
