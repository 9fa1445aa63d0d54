using Vpr.Wire.Noise;

namespace Vpr.Masque;

/// <summary>What the payloads of one Context ID are.</summary>
/// <remarks>RFC 9484 §5, RFC 9298 §4</remarks>
/// <param name="Id">The Context ID: even if the client gave it out, odd if the server did, never 0.</param>
/// <param name="Format">What its payloads are.</param>
/// <param name="Epoch">The first epoch that its datagrams use.</param>
public readonly record struct DatagramContext(ulong Id, ContextFormat Format, byte Epoch)
{
    /// <summary>The context of plain IP packets, which exists without being registered.</summary>
    public const ulong PlainPacket = 0;
}
