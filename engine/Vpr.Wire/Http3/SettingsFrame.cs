namespace Vpr.Wire.Http3;

/// <summary>SETTINGS: what an endpoint declares about itself, once, first on its control stream.</summary>
/// <remarks>RFC 9114 §7.2.4. That no identifier comes twice and none is HTTP/2's is the connection's check (H3_SETTINGS_ERROR).</remarks>
[WireFormat]
[MemberOf(typeof(Http3Frame), 0x04)]
public readonly ref partial struct SettingsFrame
{
    /// <summary>The settings.</summary>
    [Rest]
    public WireList<Setting> Settings { get; init; }
}
