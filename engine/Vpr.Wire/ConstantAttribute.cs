namespace Vpr.Wire;

/// <summary>
/// The only value an integer or bit field may have: parsing fails on another, and the writer emits this one whatever the
/// property holds. A property with this attribute may do without an accessor to set it:
/// <c>[Bits(4), Constant(6)] public byte Version => 6;</c>
/// </summary>
/// <param name="value">The value; cast an enum member to <c>ulong</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class ConstantAttribute(ulong value) : Attribute
{
    /// <summary>The value.</summary>
    public ulong Value { get; } = value;
}
