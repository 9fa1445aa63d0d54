namespace Vpr.Wire;

/// <summary>
/// A span, list or nested structure of (<c>part</c> + <see cref="Bias"/>) × <see cref="Unit"/> bytes. Parsing fails where that
/// is negative; writing throws where the bytes at hand are more or fewer.
/// </summary>
/// <param name="part">The name of an earlier integer part.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class LengthFromAttribute(string part) : Attribute
{
    /// <summary>The name of an earlier integer part.</summary>
    public string Part { get; } = part;

    /// <summary>Bytes to a unit: 4 in an IPv4 header, which counts words.</summary>
    public int Unit { get; init; } = 1;

    /// <summary>Added to the part's value before it is multiplied: -5 for the options of an IPv4 header.</summary>
    public int Bias { get; init; }

    /// <summary>
    /// The name of a static method of the struct that takes the part's value and returns the length in bytes, negative where the
    /// value is not allowed. For lengths that are no line; <see cref="Unit"/> and <see cref="Bias"/> are then not used.
    /// </summary>
    public string? Map { get; init; }
}
