namespace Vpr.Wire.Http3;

/// <summary>PUSH_PROMISE: the request that a server push answers.</summary>
/// <remarks>RFC 9114 §7.2.5</remarks>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x05)]
public readonly ref partial struct PushPromiseFrame
{
    /// <summary>The push.</summary>
    [VarInt]
    public ulong PushId { get; init; }

    /// <summary>The request's fields, encoded by QPACK (RFC 9204 §4.5).</summary>
    [Rest]
    public ReadOnlySpan<byte> EncodedFieldSection { get; init; }
}
