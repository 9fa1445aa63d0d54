using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>Wakes a loop from any thread: the write side of a mailbox.</summary>
/// <remarks>eventfd(2). Signals are counted by the kernel and collapse into one wake-up.</remarks>
public sealed class EventFd : LoopWakeUp
{
    private readonly SafeDescriptor _descriptor;

    /// <summary>Opens an event with nothing signalled.</summary>
    /// <exception cref="LinuxException">The process has too many open files.</exception>
    public EventFd() => _descriptor = SafeDescriptor.Own(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "eventfd");

    /// <summary>The descriptor, for a poller.</summary>
    internal SafeDescriptor Descriptor => _descriptor;

    /// <inheritdoc/>
    public override void Signal()
    {
        ulong one = 1;
        Transfer(MemoryMarshal.AsBytes(new Span<ulong>(ref one)), write: true);
    }

    /// <inheritdoc/>
    public override bool Drain()
    {
        ulong count = 0;
        return Transfer(MemoryMarshal.AsBytes(new Span<ulong>(ref count)), write: false);
    }

    /// <inheritdoc/>
    public override void Dispose() => _descriptor.Dispose();

    private bool Transfer(Span<byte> counter, bool write)
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            int fd = (int)_descriptor.DangerousGetHandle();
            // EAGAIN on a write means that the counter is full, and so that the event is readable already.
            nint moved = write ? Libc.write(fd, counter, sizeof(ulong)) : Libc.read(fd, counter, sizeof(ulong));
            return moved == sizeof(ulong);
        }
        finally
        {
            if (held) _descriptor.DangerousRelease();
        }
    }
}
