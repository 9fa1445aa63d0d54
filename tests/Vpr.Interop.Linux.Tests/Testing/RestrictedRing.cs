using System.Buffers.Binary;
using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

/// <summary>An io_uring that refuses what older kernels do not have.</summary>
/// <remarks>io_uring_register(2), IORING_REGISTER_RESTRICTIONS: what a sandbox may do to a ring; it holds from the first wait on.</remarks>
internal static class RestrictedRing
{
    private const uint IORING_REGISTER_RESTRICTIONS = 11;
    private const ushort IORING_RESTRICTION_REGISTER_OP = 0;
    private const ushort IORING_RESTRICTION_SQE_OP = 1;
    private const ushort IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2;
    private const int RestrictionSize = 16;

    /// <summary>Opens a poller on such a ring; it belongs to this thread.</summary>
    /// <param name="mayRegister">Whether it takes rings of provided buffers.</param>
    /// <param name="maySelect">Whether requests may select from them.</param>
    internal static IoUringPoller Open(bool mayRegister, bool maySelect)
    {
        Assert.True(IoUringQueue.TryOpen(64, out IoUringQueue? queue, out _, out string unavailable), unavailable);
        List<(ushort Kind, byte Value)> allowed =
        [
            (IORING_RESTRICTION_SQE_FLAGS_ALLOWED, maySelect ? Libc.IOSQE_BUFFER_SELECT : (byte)0),
            (IORING_RESTRICTION_REGISTER_OP, (byte)Libc.IORING_REGISTER_PROBE),
        ];
        foreach (IoUringOperation operation in Enum.GetValues<IoUringOperation>()) allowed.Add((IORING_RESTRICTION_SQE_OP, (byte)operation));
        if (mayRegister)
        {
            allowed.Add((IORING_RESTRICTION_REGISTER_OP, (byte)Libc.IORING_REGISTER_PBUF_RING));
            allowed.Add((IORING_RESTRICTION_REGISTER_OP, (byte)Libc.IORING_UNREGISTER_PBUF_RING));
        }

        byte[] restrictions = new byte[allowed.Count * RestrictionSize];
        for (int i = 0; i < allowed.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(restrictions.AsSpan(i * RestrictionSize), allowed[i].Kind);
            restrictions[i * RestrictionSize + 2] = allowed[i].Value;
        }

        Assert.Equal(LinuxErrorCode.None, queue!.Register(IORING_REGISTER_RESTRICTIONS, restrictions, allowed.Count));
        IoUringPoller poller = new(queue);
        poller.Wait(MonotonicClock.Now);
        return poller;
    }
}
