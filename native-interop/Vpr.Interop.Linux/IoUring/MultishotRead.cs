using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Reads packets of a TUN queue.</summary>
/// <remarks>IORING_OP_READ_MULTISHOT (Linux 6.7), for a driver that can be polled.</remarks>
internal sealed class MultishotRead(TunDevice tun, PacketBatch batch, IoUringQueue queue, ushort group, ulong userData)
    : MultishotRequest(batch, tun.ReadStart(batch), queue, group, userData)
{
    // A file without positions, as read(2) takes it.
    private const ulong NoOffset = ulong.MaxValue;

    private protected override void Describe(ref SubmissionEntry entry)
    {
        entry.Operation = IoUringOperation.ReadMultishot;
        entry.Descriptor = (int)tun.Descriptor.DangerousGetHandle();
        entry.Offset = NoOffset;
    }

    private protected override bool TryAccept(int index, Span<byte> written) => tun.TryAccept(Batch, index, written.Length);

    private protected override void Count(LinuxErrorCode error) => tun.CountRead(error);
}
