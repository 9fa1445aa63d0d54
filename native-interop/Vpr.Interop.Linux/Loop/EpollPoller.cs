using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>A loop's wait on epoll: works on every kernel.</summary>
/// <remarks>epoll(7), level-triggered. epoll_pwait2(2) keeps deadlines to the nanosecond from Linux 5.11 on; before, they are rounded up to the millisecond.</remarks>
internal sealed class EpollPoller : LinuxPoller
{
    private const int MaxEvents = 64;

    private readonly SafeDescriptor _epoll;
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * Libc.EpollEventSize, pinned: true);
    private bool _hasPwait2 = true;

    internal EpollPoller() => _epoll = SafeDescriptor.Own(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1");

    public override IoBackend Backend => IoBackend.Epoll;

    public override string Description => "epoll";

    public override void Dispose() => _epoll.Dispose();

    private protected override IPacketDevice Suit(TunDevice device) => device;

    protected override int WaitCore(Instant deadline)
    {
        int count = WaitForEvents(deadline);
        int ready = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = _events.AsSpan(i * Libc.EpollEventSize, Libc.EpollEventSize);
            ulong index = MemoryMarshal.Read<ulong>(entry[Libc.EpollEventData..]);
            if (Sources[(int)index] is not { } source) continue;
            source.Ready = FromPollMask(MemoryMarshal.Read<uint>(entry));
            ready++;
        }

        return ready;
    }

    protected override void Registered(LoopSource source) => Control(Libc.EPOLL_CTL_ADD, source);

    protected override void InterestChanged(LoopSource source) => Control(Libc.EPOLL_CTL_MOD, source);

    protected override void Removed(LoopSource source)
    {
        // A descriptor that was closed first has left the set by itself.
        if (!source.Descriptor.IsClosed) Control(Libc.EPOLL_CTL_DEL, source);
    }

    private int WaitForEvents(Instant deadline)
    {
        long nanoseconds = deadline == Instant.Never ? -1 : Math.Max(0, deadline.Nanoseconds - MonotonicClock.Now.Nanoseconds);
        if (_hasPwait2 && nanoseconds > 0)
        {
            KernelTimespec timeout = KernelTimespec.FromNanoseconds(nanoseconds);
            nint result = Libc.epoll_pwait2(Libc.SYS_epoll_pwait2, _epoll, _events, MaxEvents, in timeout, 0, 0);
            if (result >= 0) return (int)result;
            if (Libc.LastError == LinuxErrorCode.EINTR) return 0;
            // ENOSYS before Linux 5.11, EPERM from old container filters; what else is wrong shows in the call below.
            _hasPwait2 = false;
        }

        int milliseconds = nanoseconds < 0 ? -1 : (int)Math.Min(int.MaxValue, (nanoseconds + 999_999) / 1_000_000);
        int count = Libc.epoll_wait(_epoll, _events, MaxEvents, milliseconds);
        if (count >= 0) return count;
        if (Libc.LastError == LinuxErrorCode.EINTR) return 0;
        throw LinuxException.Because(Libc.LastError, "epoll_wait");
    }

    private void Control(int operation, LoopSource source)
    {
        Span<byte> entry = stackalloc byte[Libc.EpollEventSize];
        uint mask = ToPollMask(source.Interest);
        ulong index = (ulong)source.Index;
        MemoryMarshal.Write(entry, in mask);
        MemoryMarshal.Write(entry[Libc.EpollEventData..], in index);
        if (Libc.epoll_ctl(_epoll, operation, source.Descriptor, entry) < 0) throw LinuxException.Because(Libc.LastError, "epoll_ctl");
    }
}
