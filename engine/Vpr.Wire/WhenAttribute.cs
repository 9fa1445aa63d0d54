namespace Vpr.Wire;

/// <summary>A part that is present only if an earlier part says so. Absent, it has its type's default value and takes no bytes.</summary>
/// <param name="part">The name of an earlier part: a <c>bool</c> (also one with <see cref="TypeBitAttribute"/>), or an integer with <see cref="Is"/>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class WhenAttribute(string part) : Attribute
{
    /// <summary>The name of the earlier part.</summary>
    public string Part { get; } = part;

    /// <summary>The value that the earlier part must have: <c>true</c> by default, <c>false</c>, an integer or an enum member.</summary>
    public object Is { get; init; } = true;
}
