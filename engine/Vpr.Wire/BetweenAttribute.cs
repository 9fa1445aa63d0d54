namespace Vpr.Wire;

/// <summary>The range of an integer or bit field: parsing fails outside it, and writing a value outside it throws.</summary>
/// <param name="minimum">The smallest value allowed.</param>
/// <param name="maximum">The greatest value allowed.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class BetweenAttribute(ulong minimum, ulong maximum) : Attribute
{
    /// <summary>The smallest value allowed.</summary>
    public ulong Minimum { get; } = minimum;

    /// <summary>The greatest value allowed.</summary>
    public ulong Maximum { get; } = maximum;
}
