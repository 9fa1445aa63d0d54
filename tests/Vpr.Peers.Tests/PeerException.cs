namespace Vpr.Peers.Tests;

/// <summary>Our side and the peer did not come to terms.</summary>
internal sealed class PeerException(string message) : Exception(message);
