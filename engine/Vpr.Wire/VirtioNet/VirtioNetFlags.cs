namespace Vpr.Wire.VirtioNet;

/// <summary>What is known of a packet's checksum.</summary>
/// <remarks>Virtio 1.3 §5.1.6</remarks>
[Flags]
public enum VirtioNetFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The checksum has yet to be filled in: it covers the packet from <see cref="VirtioNetHeader.ChecksumStart"/> on.</summary>
    NeedsChecksum = 1,

    /// <summary>The checksum was verified.</summary>
    DataValid = 2,

    /// <summary>The header reports coalesced segments.</summary>
    ReceiveSegmentCoalescingInfo = 4,
}
