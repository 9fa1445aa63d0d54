namespace Vpr.Wire;

/// <summary>What became of an element offered to a family's dispatcher.</summary>
public enum WireStatus
{
    /// <summary>It was parsed and the visitor took it.</summary>
    Done,

    /// <summary>The source ends within the element; offer it again with more bytes. Only families with a length say so.</summary>
    NeedMoreData,

    /// <summary>It breaks the rules of its structure, or ends early in a family without a length.</summary>
    Malformed,

    /// <summary>
    /// Its type is none of the family's; the visitor saw it as unknown and wants to go on. In a family with a length the whole
    /// element counts as consumed, in others nothing does, since its end is not known.
    /// </summary>
    Unknown,

    /// <summary>The visitor returned false.</summary>
    Stopped,
}
