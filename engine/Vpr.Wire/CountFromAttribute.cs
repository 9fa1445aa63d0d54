namespace Vpr.Wire;

/// <summary>
/// A <see cref="WireList{T}"/> of as many elements as an earlier part says, as the ranges of an ACK frame (RFC 9000 §19.3).
/// Writing throws where the list holds more or fewer.
/// </summary>
/// <param name="part">The name of an earlier integer part.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CountFromAttribute(string part) : Attribute
{
    /// <summary>The name of an earlier integer part.</summary>
    public string Part { get; } = part;
}
