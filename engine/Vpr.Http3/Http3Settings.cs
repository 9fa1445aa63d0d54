using Vpr.Wire;
using Vpr.Wire.Http3;

namespace Vpr.Http3;

/// <summary>What one end declares about itself in SETTINGS.</summary>
/// <remarks>RFC 9114 §7.2.4, RFC 9204 §5, RFC 9220 §3, RFC 9297 §2.1.1. The default values of a peer that declares nothing are those of <see cref="Initial"/>.</remarks>
public sealed record Http3Settings
{
    /// <summary>Field sections of the size that the web's servers take: 32 KiB.</summary>
    public const long DefaultMaxFieldSectionSize = 32 << 10;

    /// <summary>The largest field section that is taken, in bytes as RFC 9114 §4.2.2 counts them; <see cref="long.MaxValue"/> for no limit. Ours is the memory that one message head may cost.</summary>
    public long MaxFieldSectionSize { get; init; } = DefaultMaxFieldSectionSize;

    /// <summary>Whether extended CONNECT is taken; declared by servers.</summary>
    public bool EnableConnectProtocol { get; init; }

    /// <summary>Whether HTTP Datagrams are taken.</summary>
    public bool H3Datagram { get; init; }

    /// <summary>The size of the dynamic table that the decoder offers, in bytes; always 0 for ours.</summary>
    public ulong QpackMaxTableCapacity { get; init; }

    /// <summary>How many streams the decoder lets wait for its dynamic table; always 0 for ours.</summary>
    public ulong QpackBlockedStreams { get; init; }

    /// <summary>What holds until the peer's SETTINGS arrive.</summary>
    public static Http3Settings Initial { get; } = new() { MaxFieldSectionSize = long.MaxValue };

    /// <summary>Reads the settings of one SETTINGS frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="settings">The settings when the result is true.</param>
    /// <returns>False for a connection error H3_SETTINGS_ERROR.</returns>
    internal static bool TryRead(scoped in SettingsFrame frame, out Http3Settings settings)
    {
        settings = Initial;
        Span<ulong> seen = stackalloc ulong[MaxSettings];
        int count = 0;
        foreach (Setting setting in frame.Settings)
        {
            // RFC 9114 §7.2.4: no identifier twice. A frame of more settings than anyone sends is refused rather than searched.
            ulong identifier = (ulong)setting.Identifier;
            if (count == MaxSettings || seen[..count].Contains(identifier)) return false;
            seen[count++] = identifier;
            if (!settings.TryApply(setting, out settings)) return false;
        }

        return true;
    }

    /// <summary>Writes a SETTINGS frame with type and length.</summary>
    /// <param name="destination">At least <see cref="MaxEncodedLength"/> bytes.</param>
    /// <param name="isServer">Whether we are the server.</param>
    /// <param name="grease">A number that makes a setting nobody knows, so that peers stay used to them (RFC 9114 §7.2.4.1).</param>
    /// <returns>Bytes written.</returns>
    internal int Write(Span<byte> destination, bool isServer, ulong grease)
    {
        Span<byte> body = stackalloc byte[MaxEncodedLength];
        int length = new Setting(SettingIdentifier.QpackMaxTableCapacity, 0).Write(body);
        if (MaxFieldSectionSize <= (long)VarInt.Max)
            length += new Setting(SettingIdentifier.MaxFieldSectionSize, (ulong)MaxFieldSectionSize).Write(body[length..]);
        length += new Setting(SettingIdentifier.QpackBlockedStreams, 0).Write(body[length..]);
        if (EnableConnectProtocol && isServer) length += new Setting(SettingIdentifier.EnableConnectProtocol, 1).Write(body[length..]);
        if (H3Datagram) length += new Setting(SettingIdentifier.H3Datagram, 1).Write(body[length..]);
        length += new Setting((SettingIdentifier)GreaseIdentifier(grease), grease & uint.MaxValue).Write(body[length..]);
        return Http3FrameHeader.Write(destination, Http3FrameType.Settings, (ulong)length, body[..length]);
    }

    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    internal const int MaxEncodedLength = 96;

    private const int MaxSettings = 64;

    /// <summary>A reserved number 0x1f * N + 0x21, as settings, frames and streams have them.</summary>
    internal static ulong GreaseIdentifier(ulong number) => 0x1f * (number >> 8 & 0xffff_ffff) + 0x21;

    private bool TryApply(Setting setting, out Http3Settings changed)
    {
        ulong value = setting.Value;
        changed = setting.Identifier switch
        {
            SettingIdentifier.QpackMaxTableCapacity => this with { QpackMaxTableCapacity = value },
            SettingIdentifier.MaxFieldSectionSize => this with { MaxFieldSectionSize = (long)value },
            SettingIdentifier.QpackBlockedStreams => this with { QpackBlockedStreams = value },
            SettingIdentifier.EnableConnectProtocol => this with { EnableConnectProtocol = value == 1 },
            SettingIdentifier.H3Datagram => this with { H3Datagram = value == 1 },
            _ => this,
        };

        // RFC 9220 §3 and RFC 9297 §2.1.1: 0 or 1. RFC 9114 §7.2.4.1: identifiers of HTTP/2 settings that have no meaning here are errors.
        return setting.Identifier switch
        {
            SettingIdentifier.EnableConnectProtocol or SettingIdentifier.H3Datagram => value <= 1,
            (SettingIdentifier)0x00 or (SettingIdentifier)0x02 or (SettingIdentifier)0x03 or (SettingIdentifier)0x04 or (SettingIdentifier)0x05 => false,
            _ => true,
        };
    }
}
