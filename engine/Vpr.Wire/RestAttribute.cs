namespace Vpr.Wire;

/// <summary>A span or list that runs to the end of the source; only the last part can.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class RestAttribute : Attribute;
