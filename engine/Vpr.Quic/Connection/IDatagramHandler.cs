namespace Vpr.Quic;

/// <summary>Takes the payloads of DATAGRAM frames as they arrive.</summary>
/// <remarks>RFC 9221 §5</remarks>
public interface IDatagramHandler
{
    /// <summary>Called within <c>QuicConnection.Receive</c>, once a frame, in the order of the frames.</summary>
    /// <param name="connection">The connection the datagram came on. The handler may queue stream data or datagrams on it, and must not call Receive, Transmit or Dispose.</param>
    /// <param name="payload">The payload inside the received datagram's own buffer: valid, and free to be overwritten, during the call only.</param>
    void OnDatagram(QuicConnection connection, Span<byte> payload);
}
