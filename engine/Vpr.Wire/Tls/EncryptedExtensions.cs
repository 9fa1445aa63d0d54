namespace Vpr.Wire.Tls;

/// <summary>EncryptedExtensions: the server's answers that do not concern keys.</summary>
/// <remarks>RFC 8446 §4.3.1</remarks>
[WireFormat]
[MemberOf(typeof(HandshakeMessage), 8)]
public readonly ref partial struct EncryptedExtensions
{
    /// <summary>The extensions, a sequence of <see cref="EncryptedExtensionsExtension"/>; it may be empty.</summary>
    [LengthPrefix(Prefix.UInt16)]
    public ReadOnlySpan<byte> Extensions { get; init; }
}
