using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

/// <summary>A ClientHello put together from parts, each of which a test may leave out or spoil.</summary>
internal sealed class ScriptedHello
{
    public byte[] LegacyVersion { get; init; } = [3, 3];

    public byte[] SessionId { get; init; } = [];

    public byte[] CipherSuites { get; init; } = [0x13, 0x01];

    public byte[] CompressionMethods { get; init; } = [0];

    /// <summary>The extensions by name, in order.</summary>
    public Dictionary<ExtensionType, byte[]> Extensions { get; } = new()
    {
        [ExtensionType.SupportedVersions] = [2, 3, 4],
        [ExtensionType.SupportedGroups] = [0, 2, 0, 0x1D],
        [ExtensionType.KeyShare] = ScriptedServer.Prefixed16([0, 0x1D, 0, 32, .. X25519Share]),
        [ExtensionType.SignatureAlgorithms] = [0, 2, 4, 3],
        [ExtensionType.ApplicationLayerProtocolNegotiation] = [0, 3, 2, (byte)'h', (byte)'3'],
        [ExtensionType.QuicTransportParameters] = [1, 2, 3],
    };

    /// <summary>Bytes behind the last extension, within their block.</summary>
    public byte[] MoreExtensions { get; init; } = [];

    public static byte[] X25519Share { get; } = Enumerable.Range(9, 32).Select(i => (byte)i).ToArray();

    public byte[] ToMessage() => ScriptedServer.Message(
        HandshakeType.ClientHello,
        [
            .. LegacyVersion, .. new byte[32], (byte)SessionId.Length, .. SessionId, .. ScriptedServer.Prefixed16(CipherSuites),
            (byte)CompressionMethods.Length, .. CompressionMethods,
            .. ScriptedServer.Prefixed16([.. Extensions.SelectMany(e => ScriptedServer.Extension(e.Key, e.Value)), .. MoreExtensions]),
        ]);
}
