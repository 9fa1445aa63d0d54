namespace Vpr.Wire;

/// <summary>A span, list or nested structure that takes a fixed number of bytes.</summary>
/// <param name="bytes">Length in bytes.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class LengthAttribute(int bytes) : Attribute
{
    /// <summary>Length in bytes.</summary>
    public int Bytes { get; } = bytes;
}
