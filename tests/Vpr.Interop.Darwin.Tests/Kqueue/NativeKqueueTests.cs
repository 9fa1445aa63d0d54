using System.Runtime.InteropServices;
using Vpr.Interop.Tests;
using Vpr.Io;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>The same contract over a kqueue that is not ours: the kernel's on macOS and FreeBSD, libkqueue's on Linux.</summary>
public sealed class NativeKqueueTests
{
    [NativeKqueueFact]
    public void The_contract_holds()
    {
        Contract contract = new();
        foreach (long nanoseconds in (long[])[0, -1_000_000, 300_000, 5_000_000, 40_000_000]) contract.It_keeps_deadlines(nanoseconds);
        contract.A_wake_up_from_another_thread_ends_an_endless_wait();
        contract.A_wake_up_stays_ready_until_it_is_drained();
        contract.A_signal_nobody_watched_for_is_seen_when_it_is_watched_again();
        contract.A_descriptor_stays_ready_until_it_is_read();
        contract.Only_what_is_watched_wakes();
        contract.A_removed_source_is_silent_and_belongs_to_its_poller();
        contract.A_removed_descriptor_may_be_added_again();
        contract.A_pipe_whose_other_side_is_gone_has_failed();
        contract.It_may_be_opened_on_one_thread_and_waited_on_by_another();
        contract.Waits_signals_and_changes_of_interest_allocate_nothing();
    }

    private sealed class Contract : LoopPollerContract
    {
        private protected override LoopPoller Open() =>
            new KqueuePoller(new NativeKernelQueue(), OperatingSystem.IsLinux() ? KeventLayout.LibKqueue : KeventLayout.OfThisSystem());

        private protected override LoopWakeUp CreateWakeUp() => new KqueueWakeUp();
    }
}

/// <summary>A test that needs a real kqueue; skipped with its reason where there is none.</summary>
public sealed class NativeKqueueFactAttribute : FactAttribute
{
    private const string Library = "libkqueue.so.0";

    private static readonly bool s_isThere = !OperatingSystem.IsLinux() || TryUseLibrary();

    public NativeKqueueFactAttribute() => Skip = s_isThere ? null : $"needs macOS, FreeBSD or {Library}";

    private static bool TryUseLibrary()
    {
        if (!NativeLibrary.TryLoad(Library, out nint library)) return false;
        // A symbol that the library lacks is found in the libraries it needs: libc's calls stay libc's.
        NativeLibrary.SetDllImportResolver(typeof(KqueuePoller).Assembly, (_, _, _) => library);
        return true;
    }
}
