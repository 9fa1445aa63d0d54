namespace Vpr.Wire.Tls;

/// <summary>application_settings in EncryptedExtensions, of the server and then of the client: its settings of the chosen protocol.</summary>
/// <remarks>draft-vvv-tls-alps §4</remarks>
[WireFormat]
[MemberOf(typeof(EncryptedExtensionsExtension), 0x44CD)]
public readonly ref partial struct ApplicationSettingsExtension
{
    /// <summary>The settings, opaque to TLS.</summary>
    [Rest]
    public ReadOnlySpan<byte> Settings { get; init; }
}
