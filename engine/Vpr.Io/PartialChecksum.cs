namespace Vpr.Io;

/// <summary>A transport checksum that is still to be completed: its field holds the sum of the pseudo-header alone.</summary>
/// <remarks>Virtio 1.3 §5.1.6.2; the pseudo-headers are those of RFC 9293 §3.1, RFC 768 and RFC 8200 §8.1.</remarks>
/// <param name="Start">Where the covered bytes begin, in bytes from the packet's start: the transport header. 0 when the checksum is complete.</param>
/// <param name="Offset">Where the field is, in bytes from <paramref name="Start"/>.</param>
public readonly record struct PartialChecksum(ushort Start, ushort Offset)
{
    /// <summary>Whether there is something to complete.</summary>
    public bool IsNeeded => Start != 0;
}
