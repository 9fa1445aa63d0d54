using Vpr.Io;

namespace Vpr.Interop.Linux;

/// <summary>The kernel's random generator behind the engine's contract; any thread may use it.</summary>
/// <remarks>
/// getrandom(2). Public bytes come from a block fetched ahead per thread, because connection IDs and padding are asked for often and a system call each would
/// be felt; secret bytes are asked of the kernel every time and nothing of them stays here.
/// </remarks>
public sealed class OsRandomSource : IRandomSource
{
    private const int BlockSize = 512;

    [ThreadStatic] private static byte[]? s_block;
    [ThreadStatic] private static int s_used;

    private OsRandomSource()
    {
    }

    /// <summary>The one instance.</summary>
    public static OsRandomSource Instance { get; } = new();

    /// <inheritdoc/>
    public void FillSecret(Span<byte> destination) => Fill(destination);

    /// <inheritdoc/>
    public void FillPublic(Span<byte> destination)
    {
        if (destination.Length > BlockSize)
        {
            Fill(destination);
            return;
        }

        byte[]? block = s_block;
        if (block is null)
        {
            s_block = block = new byte[BlockSize];
            s_used = BlockSize;
        }

        if (BlockSize - s_used < destination.Length)
        {
            Fill(block);
            s_used = 0;
        }

        Span<byte> fresh = block.AsSpan(s_used, destination.Length);
        fresh.CopyTo(destination);
        // A byte is given out once: a later leak of this memory must not tell what was sent before.
        fresh.Clear();
        s_used += destination.Length;
    }

    private static void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            nint got = Libc.getrandom(destination, (nuint)destination.Length, 0);
            if (got < 0)
            {
                // Only a wait for the pool at boot, or a request above 256 bytes, can be interrupted.
                if (Libc.LastError == LinuxErrorCode.EINTR) continue;
                throw LinuxException.Because(Libc.LastError, "getrandom");
            }

            destination = destination[(int)got..];
        }
    }
}
