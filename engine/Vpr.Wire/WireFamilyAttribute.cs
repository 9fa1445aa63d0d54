namespace Vpr.Wire;

/// <summary>
/// Makes a <c>static partial class</c> the dispatcher over structures told apart by a type: frames, capsules, extensions. The
/// generator adds a visitor interface named after the class and the methods that read an element and call the visitor.
/// </summary>
/// <remarks>
/// With a <see cref="Length"/> the element is an envelope (type, length, body): unknown ones can be passed over, a body must be
/// used up by its member, and a source that ends early is reported as <see cref="WireStatus.NeedMoreData"/>.
/// </remarks>
/// <param name="type">How the type is written.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WireFamilyAttribute(TypeEncoding type) : Attribute
{
    /// <summary>How the type is written.</summary>
    public TypeEncoding Type { get; } = type;

    /// <summary>How the length of the body is written after the type.</summary>
    public Prefix Length { get; init; }

    /// <summary>Whether a variable-length type in more bytes than it needs is malformed, as in QUIC frames (RFC 9000 §12.4).</summary>
    public bool ShortestType { get; init; }
}
