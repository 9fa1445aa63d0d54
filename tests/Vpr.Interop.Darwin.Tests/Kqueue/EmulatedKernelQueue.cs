using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>kevent(2) as its manual page describes it, over poll(2): real descriptors, and user events that end a wait from any thread.</summary>
internal sealed class EmulatedKernelQueue(KeventLayout layout) : KernelQueue
{
    internal const int ENOENT = 2;
    internal const int EBADF = 9;
    private const int EEXIST = 17;
    private const short POLLIN = 0x1, POLLOUT = 0x4, POLLERR = 0x8, POLLHUP = 0x10, POLLNVAL = 0x20, POLLRDHUP = 0x2000;

    private readonly Lock _lock = new();
    private readonly List<Note> _notes = [];
    private readonly AnonymousPipeServerStream _wake = new(PipeDirection.In);
    private readonly SafeFileHandle _handle = new(-1, ownsHandle: false);
    private readonly PollEntry[] _polls = GC.AllocateArray<PollEntry>(256, pinned: true);
    private readonly PollEntry[] _looks = GC.AllocateArray<PollEntry>(1, pinned: true);
    private bool _isDisposed;

    internal override SafeHandle Handle => _handle;

    /// <summary>Calls with changes alone, so far.</summary>
    internal int ChangeCalls { get; private set; }

    /// <summary>Changes made by calls that wait, so far.</summary>
    internal int ChangesByWaits { get; private set; }

    /// <summary>The errno value that the next change fails with; 0 for none.</summary>
    internal int NextChangeError { get; set; }

    /// <summary>Whether a signal interrupts the next wait.</summary>
    internal bool IsNextWaitInterrupted { get; set; }

    internal override int Exchange(ReadOnlySpan<byte> changes, int changeCount, Span<byte> events, int eventCapacity, long nanoseconds)
    {
        int errors = 0;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (eventCapacity == 0) ChangeCalls++;
            else ChangesByWaits += changeCount;
            for (int i = 0; i < changeCount; i++)
            {
                Kevent change = layout.Read(changes, i);
                int error = Apply(change);
                if (error == 0) continue;
                if (eventCapacity == 0) return -error;
                change.Flags = DarwinLibc.EV_ERROR;
                change.Data = error;
                layout.Write(events[(errors++ * layout.Size)..], change);
            }
        }

        if (eventCapacity == 0 || errors > 0) return errors;
        if (IsNextWaitInterrupted)
        {
            IsNextWaitInterrupted = false;
            return -ErrorNumber.EINTR;
        }

        return Wait(events, eventCapacity, nanoseconds);
    }

    public override void Dispose()
    {
        lock (_lock) _isDisposed = true;
        _wake.Dispose();
    }

    private int Apply(in Kevent change)
    {
        if (NextChangeError != 0)
        {
            int error = NextChangeError;
            NextChangeError = 0;
            return error;
        }

        int index = Find(change.Ident, change.Filter);
        if ((change.Flags & DarwinLibc.EV_DELETE) != 0)
        {
            if (index < 0) return ENOENT;
            _notes.RemoveAt(index);
            return 0;
        }

        if ((change.Flags & DarwinLibc.EV_ADD) != 0)
        {
            // The poller never adds what is there: a re-added event keeps its state, which would hide a change forgotten.
            if (index >= 0) return EEXIST;
            if (change.Filter != layout.UserFilter && !IsOpen((int)change.Ident)) return EBADF;
            _notes.Add(new Note { Event = change });
            return 0;
        }

        if (index < 0) return ENOENT;
        if ((change.FilterFlags & DarwinLibc.NOTE_TRIGGER) == 0) return 0;
        CollectionsMarshal.AsSpan(_notes)[index].IsTriggered = true;
        if (DarwinLibc.write((int)_wake.ClientSafePipeHandle.DangerousGetHandle(), [1], 1) != 1) Assert.Fail("The wake-up was not written.");
        return 0;
    }

    private int Find(nuint ident, short filter)
    {
        for (int i = 0; i < _notes.Count; i++)
        {
            if (_notes[i].Event.Ident == ident && _notes[i].Event.Filter == filter) return i;
        }

        return -1;
    }

    private int Wait(Span<byte> events, int capacity, long nanoseconds)
    {
        int count;
        lock (_lock)
        {
            _polls[0] = new PollEntry { Descriptor = (int)_wake.SafePipeHandle.DangerousGetHandle(), Events = POLLIN };
            count = 1;
            foreach (ref Note note in CollectionsMarshal.AsSpan(_notes))
            {
                if (note.Event.Filter == layout.UserFilter) continue;
                note.Poll = count;
                _polls[count++] = new PollEntry
                {
                    Descriptor = (int)note.Event.Ident,
                    Events = note.Event.Filter == DarwinLibc.EVFILT_WRITE ? POLLOUT : (short)(POLLIN | POLLRDHUP),
                };
            }
        }

        int milliseconds = nanoseconds < 0 ? -1 : (int)Math.Min(int.MaxValue, (nanoseconds + 999_999) / 1_000_000);
        Assert.True(poll(Marshal.UnsafeAddrOfPinnedArrayElement(_polls, 0), (nuint)count, milliseconds) >= 0);
        lock (_lock)
        {
            Span<byte> drain = stackalloc byte[64];
            if ((_polls[0].Returned & POLLIN) != 0) DarwinLibc.read((int)_wake.SafePipeHandle.DangerousGetHandle(), drain, (nuint)drain.Length);
            int ready = 0;
            foreach (ref Note note in CollectionsMarshal.AsSpan(_notes))
            {
                if (ready == capacity) break;
                if (!TryReport(ref note, out Kevent entry)) continue;
                layout.Write(events[(ready++ * layout.Size)..], entry);
            }

            return ready;
        }
    }

    private bool TryReport(ref Note note, out Kevent entry)
    {
        entry = note.Event;
        entry.Flags = 0;
        if (entry.Filter == layout.UserFilter)
        {
            if (!note.IsTriggered) return false;
            if ((note.Event.Flags & DarwinLibc.EV_CLEAR) != 0) note.IsTriggered = false;
            return true;
        }

        short returned = _polls[note.Poll].Returned;
        if ((returned & POLLNVAL) != 0) Assert.Fail("A closed descriptor is still watched.");
        if ((returned & (POLLHUP | POLLERR | POLLRDHUP)) != 0) entry.Flags = DarwinLibc.EV_EOF;
        return returned != 0;
    }

    private bool IsOpen(int descriptor)
    {
        _looks[0] = new PollEntry { Descriptor = descriptor };
        return poll(Marshal.UnsafeAddrOfPinnedArrayElement(_looks, 0), 1, 0) == 0 || (_looks[0].Returned & POLLNVAL) == 0;
    }

    [DllImport("libc")]
    private static extern int poll(nint entries, nuint count, int milliseconds);

    private struct Note
    {
        internal Kevent Event;
        internal bool IsTriggered;
        internal int Poll;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
