using System.Net;

namespace Vpr.Server.Configuration;

/// <summary>A client as the server knows it.</summary>
/// <param name="Name">The operator's name for it.</param>
/// <param name="PublicKey">Its static X25519 public key, 32 bytes.</param>
/// <param name="Address4">Its inner IPv4 address: fixed, so that connections inside outlive a reconnect or a restart of the server.</param>
/// <param name="Address6">Its inner IPv6 address.</param>
/// <param name="Added">When it was added.</param>
internal sealed record ClientEntry(string Name, byte[] PublicKey, IPAddress Address4, IPAddress Address6, DateTimeOffset Added);
