using System.Net;

namespace Vpr.Interop.Linux;

/// <summary>How the kernel would reach a destination now.</summary>
/// <param name="Link">The index of the interface.</param>
/// <param name="Gateway">The next router, or <see langword="null"/> when the destination is on the link.</param>
/// <param name="Source">The source address it would choose, or <see langword="null"/>.</param>
/// <param name="Table">The table of the route that was found.</param>
/// <param name="Kind">What the route does; <see cref="RouteKind.Local"/> when the destination is this host.</param>
public sealed record RouteLookup(int Link, IPAddress? Gateway, IPAddress? Source, uint Table, RouteKind Kind);
