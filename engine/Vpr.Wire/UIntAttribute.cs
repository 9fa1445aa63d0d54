namespace Vpr.Wire;

/// <summary>An unsigned integer of other than its type's natural width. Writing a value that needs more bits throws.</summary>
/// <param name="bits">Width on the wire in bits: 8, 16, 24, 32, 40, 48, 56 or 64, at most the type's own width.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class UIntAttribute(int bits) : Attribute
{
    /// <summary>Width on the wire in bits.</summary>
    public int Bits { get; } = bits;
}
