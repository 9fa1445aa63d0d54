namespace Vpr.Masque;

/// <summary>Proves a client to its server, within one request and its response; one for each attempt.</summary>
public interface ITunnelCredential
{
    /// <summary>Makes the message that goes into the request.</summary>
    /// <param name="binding">What ties it to the connection.</param>
    /// <returns>At most <see cref="NoiseScheme.MaxMessageLength"/> bytes.</returns>
    byte[] CreateRequest(IChannelBinding binding);

    /// <summary>Takes the message that came in the response.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Whether it proves that the server is who it must be.</returns>
    bool TryAcceptResponse(ReadOnlySpan<byte> message);
}
