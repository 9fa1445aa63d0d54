using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux.Tests;

/// <summary>A kernel whose sendmmsg does what a test says about each message before it really sends it.</summary>
/// <param name="judge">Given the message's number over all calls, refusals included, and whether it is a run: why it is refused, or <see cref="LinuxErrorCode.None"/>.</param>
internal sealed class FaultyKernel(Func<int, bool, LinuxErrorCode> judge)
{
    private int _judged;

    /// <summary>Runs that were sent as one.</summary>
    internal int Runs { get; private set; }

    /// <summary>Runs that were refused.</summary>
    internal int RefusedRuns { get; private set; }

    /// <summary>Messages that were sent, runs and single datagrams.</summary>
    internal int Messages { get; private set; }

    /// <remarks>As sendmmsg(2): an error is only told for the first message, and otherwise by the next call.</remarks>
    internal int Send(SafeDescriptor socket, nint messages, uint count, int flags)
    {
        int size = Marshal.SizeOf<BatchMessageHeader>();
        for (int i = 0; i < count; i++)
        {
            bool isRun = IsRun(Marshal.PtrToStructure<BatchMessageHeader>(messages + i * size).Header);
            LinuxErrorCode error = judge(_judged, isRun);
            if (error != LinuxErrorCode.None || Libc.sendmmsg(socket, messages + i * size, 1, flags) != 1)
            {
                if (i > 0) return i;
                _judged++;
                if (isRun) RefusedRuns++;
                if (error != LinuxErrorCode.None) Marshal.SetLastPInvokeError((int)error);
                return -1;
            }

            _judged++;
            Messages++;
            if (isRun) Runs++;
        }

        return (int)count;
    }

    private static bool IsRun(in MessageHeader header)
    {
        byte[] control = new byte[(int)header.ControlLength];
        Marshal.Copy(header.Control, control, 0, control.Length);
        for (int at = 0; at + 16 <= control.Length; at += (BitConverter.ToInt32(control, at) + 7) & ~7)
        {
            if ((BitConverter.ToInt32(control, at + 8), BitConverter.ToInt32(control, at + 12)) == (Libc.IPPROTO_UDP, Libc.UDP_SEGMENT)) return true;
        }

        return false;
    }
}
