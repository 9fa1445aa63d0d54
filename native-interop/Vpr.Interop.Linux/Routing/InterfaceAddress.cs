using System.Net;

namespace Vpr.Interop.Linux;

/// <summary>An address of an interface.</summary>
/// <param name="Link">The interface's index.</param>
/// <param name="Address">The address, IPv4 or IPv6.</param>
/// <param name="PrefixLength">How many bits the neighbours share: 0 to 32, or 0 to 128.</param>
public sealed record InterfaceAddress(int Link, IPAddress Address, int PrefixLength);
