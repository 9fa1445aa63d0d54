namespace Vpr.Http3;

/// <summary>Takes the HTTP Datagrams of one request as they arrive.</summary>
/// <remarks>RFC 9297 §2</remarks>
public interface IHttpDatagramHandler
{
    /// <summary>Called while the transport receives, once a datagram, in the order of arrival.</summary>
    /// <param name="stream">The request's stream.</param>
    /// <param name="payload">What follows the Quarter Stream ID: valid, and free to be overwritten, during the call only.</param>
    void OnHttpDatagram(Http3Stream stream, Span<byte> payload);
}
