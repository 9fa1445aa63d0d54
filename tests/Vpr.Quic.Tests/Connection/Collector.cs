namespace Vpr.Quic.Tests.Connection;

/// <summary>Keeps the datagrams that arrive.</summary>
internal sealed class Collector : IDatagramHandler
{
    /// <summary>What arrived, oldest first.</summary>
    public List<byte[]> Received { get; } = [];

    public void OnDatagram(QuicConnection connection, Span<byte> payload) => Received.Add(payload.ToArray());
}
