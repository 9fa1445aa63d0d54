using Vpr.Masque;

namespace Vpr.Tunnel;

/// <summary>The handshake's prologue: it ties the Noise handshake to the TLS connection that carries it.</summary>
/// <remarks>
/// docs/architecture.md, "Authentication is concealed". The exporter value (RFC 8446 §7.5) differs on every connection, so a message that is
/// replayed or relayed on another one fails.
/// </remarks>
internal static class TunnelPrologue
{
    /// <summary>Bytes of the exported value.</summary>
    public const int Length = 32;

    /// <summary>Derives the prologue of a connection.</summary>
    public static void Export(IChannelBinding binding, Span<byte> prologue) =>
        binding.Export("EXPORTER-VPR-Noise-Prologue"u8, [], prologue);
}
