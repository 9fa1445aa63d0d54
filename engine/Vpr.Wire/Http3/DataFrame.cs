namespace Vpr.Wire.Http3;

/// <summary>DATA: a piece of a request's or response's content.</summary>
/// <remarks>RFC 9114 §7.2.1</remarks>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x00)]
public readonly ref partial struct DataFrame
{
    /// <summary>The content.</summary>
    [Rest]
    public ReadOnlySpan<byte> Data { get; init; }
}
