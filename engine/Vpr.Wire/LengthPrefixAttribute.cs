namespace Vpr.Wire;

/// <summary>A span, list or nested structure that follows its own length in bytes.</summary>
/// <param name="prefix">How the length is written.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class LengthPrefixAttribute(Prefix prefix) : Attribute
{
    /// <summary>How the length is written.</summary>
    public Prefix Prefix { get; } = prefix;

    /// <summary>The fewest bytes allowed, without the prefix: parsing fails and writing throws below it.</summary>
    public int Min { get; init; }

    /// <summary>The most bytes allowed, without the prefix: parsing fails and writing throws above it. By default what the prefix can say.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>
    /// The name of an earlier <c>bool</c> part. Where that part is false there is no prefix and the bytes run to the end of the
    /// source, as in the STREAM frame without its LEN bit (RFC 9000 §19.8).
    /// </summary>
    public string? UnlessRest { get; init; }
}
