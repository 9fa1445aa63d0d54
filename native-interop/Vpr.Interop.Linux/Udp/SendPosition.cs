using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>How far a batch is sent: whole slots, and bytes of the run in the next one.</summary>
/// <param name="Slot">The slot that the next message comes from.</param>
/// <param name="Offset">Where in its packet that message begins, in bytes.</param>
internal readonly record struct SendPosition(int Slot, int Offset)
{
    /// <summary>The position behind a message of <paramref name="length"/> bytes.</summary>
    internal SendPosition Behind(PacketBatch batch, int length) =>
        Offset + length >= batch[Slot].Length ? new SendPosition(Slot + 1, 0) : this with { Offset = Offset + length };
}
