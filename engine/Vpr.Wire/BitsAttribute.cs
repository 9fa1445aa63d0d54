namespace Vpr.Wire;

/// <summary>
/// A field of some bits. Neighbouring bit fields are packed from the most significant bit on and must end on a whole byte
/// within 64 bits. On a <c>bool</c> the width is one bit and may be left out.
/// </summary>
/// <param name="count">Width in bits, 1 to 64, at most the type's own width.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class BitsAttribute(int count = 1) : Attribute
{
    /// <summary>Width in bits.</summary>
    public int Count { get; } = count;
}
