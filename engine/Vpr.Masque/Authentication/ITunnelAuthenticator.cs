namespace Vpr.Masque;

/// <summary>Decides, on a server, whether a request comes from a client with a key.</summary>
public interface ITunnelAuthenticator
{
    /// <summary>Judges the message of a request.</summary>
    /// <remarks>Whoever is refused is shown the website, so a refusal says nothing, not even why.</remarks>
    /// <param name="message">The message; from anyone on the Internet, of any content.</param>
    /// <param name="binding">What ties it to the connection.</param>
    /// <returns>What the client is given; null to refuse.</returns>
    TunnelGrant? Authenticate(ReadOnlySpan<byte> message, IChannelBinding binding);
}
