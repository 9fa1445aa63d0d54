namespace Vpr.Wire;

/// <summary>How the type of a family's member stands in front of it.</summary>
public enum TypeEncoding
{
    /// <summary>A variable-length integer (RFC 9000 §16).</summary>
    VarInt,

    /// <summary>One byte.</summary>
    UInt8,

    /// <summary>Two bytes, network byte order.</summary>
    UInt16,

    /// <summary>Elsewhere, as the next header of IPv6: dispatch takes it as an argument, and members carry no envelope.</summary>
    External,
}
