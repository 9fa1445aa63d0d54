namespace Vpr.Wire;

/// <summary>A <c>bool</c> part that is a flag within the type of a family's member and takes no bytes of its own.</summary>
/// <param name="mask">The bit, one of the <see cref="MemberOfAttribute.Flags"/>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TypeBitAttribute(ulong mask) : Attribute
{
    /// <summary>The bit.</summary>
    public ulong Mask { get; } = mask;
}
