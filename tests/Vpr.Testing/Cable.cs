namespace Vpr.Testing;

/// <summary>Two hosts and the links between them.</summary>
internal sealed record Cable(ISimulatedHost Left, ISimulatedHost Right, Link[] Links);
