namespace Vpr.Wire;

/// <summary>How a length stands in front of what it measures.</summary>
public enum Prefix
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>One byte.</summary>
    UInt8,

    /// <summary>Two bytes, network byte order.</summary>
    UInt16,

    /// <summary>Three bytes, network byte order.</summary>
    UInt24,

    /// <summary>A variable-length integer (RFC 9000 §16).</summary>
    VarInt,
}
