namespace Vpr.Wire.Generator.Model;

/// <summary>Where the bytes of a part end.</summary>
internal abstract record Extent;

/// <summary>After a fixed number of bytes.</summary>
internal sealed record FixedExtent(int Bytes) : Extent;

/// <summary>After as many bytes as a length in front of them says; without the flag at the end of the source.</summary>
/// <param name="UnlessRest">The flag's name, if there is one.</param>
internal sealed record PrefixExtent(Prefix Prefix, int Minimum, int Maximum, string? UnlessRest) : Extent
{
    /// <summary>The prefix's own length in bytes; 0 where that varies.</summary>
    public int PrefixBytes => Prefix switch { Prefix.UInt8 => 1, Prefix.UInt16 => 2, Prefix.UInt24 => 3, _ => 0 };

    /// <summary>The most that the prefix can say, or that is allowed.</summary>
    public int Most => Math.Min(Maximum, Prefix switch
    {
        Prefix.UInt8 => byte.MaxValue,
        Prefix.UInt16 => ushort.MaxValue,
        Prefix.UInt24 => 0xFF_FFFF,
        _ => int.MaxValue,
    });
}

/// <summary>After (part + bias) × unit bytes, or as many as a method makes of the part.</summary>
internal sealed record FromExtent(string Part, int Unit, int Bias, string? Map) : Extent;

/// <summary>After as many elements as another part says.</summary>
internal sealed record CountExtent(string Part) : Extent;

/// <summary>At the end of the source.</summary>
internal sealed record RestExtent : Extent;

/// <summary>Where the nested structure itself ends.</summary>
internal sealed record NaturalExtent : Extent;
