namespace Vpr.Wire.Http3;

/// <summary>HEADERS: a field section.</summary>
/// <remarks>RFC 9114 §7.2.2</remarks>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x01)]
public readonly ref partial struct HeadersFrame
{
    /// <summary>The fields, encoded by QPACK (RFC 9204 §4.5).</summary>
    [Rest]
    public ReadOnlySpan<byte> EncodedFieldSection { get; init; }
}
