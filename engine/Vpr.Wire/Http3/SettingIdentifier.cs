namespace Vpr.Wire.Http3;

/// <summary>What a setting is about. Other identifiers are ignored by receivers.</summary>
/// <remarks>RFC 9114 §7.2.4.1, RFC 9204 §5, RFC 9220 §3, RFC 9297 §2.1.1</remarks>
public enum SettingIdentifier : ulong
{
    /// <summary>SETTINGS_QPACK_MAX_TABLE_CAPACITY: the dynamic table's size that the sender's decoder allows, in bytes.</summary>
    QpackMaxTableCapacity = 0x01,

    /// <summary>SETTINGS_MAX_FIELD_SECTION_SIZE: the largest field section that the sender accepts, in bytes as §4.2.2 counts them.</summary>
    MaxFieldSectionSize = 0x06,

    /// <summary>SETTINGS_QPACK_BLOCKED_STREAMS: how many streams may wait for the dynamic table.</summary>
    QpackBlockedStreams = 0x07,

    /// <summary>SETTINGS_ENABLE_CONNECT_PROTOCOL: 1 where the server takes extended CONNECT.</summary>
    EnableConnectProtocol = 0x08,

    /// <summary>SETTINGS_H3_DATAGRAM: 1 where the sender takes HTTP Datagrams.</summary>
    H3Datagram = 0x33,
}
