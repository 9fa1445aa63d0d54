using System.Runtime.CompilerServices;

namespace Vpr.Interop.Linux;

/// <summary>The program by which the kernel chooses among sockets of one port: by the first byte of a QUIC packet's Destination Connection ID.</summary>
/// <remarks>
/// RFC 8999 §5.1, §5.2: the ID's length stands at byte 5 of a long header and the ID behind it; in a short header it begins at byte 1. Offsets count from the UDP payload.
/// The program ends with socket 0 where it would read behind the datagram, and so for what is no QUIC packet, and for an ID without a byte.
/// </remarks>
internal static class ReusePortProgram
{
    private const uint LongHeaderForm = 0x80;
    private const uint IdLengthOffset = 5;
    private const uint LongHeaderIdOffset = 6;
    private const uint ShortHeaderIdOffset = 1;

    /// <summary>Gives the program to the group that a socket is in; it counts for all of its sockets, in the order they were bound.</summary>
    /// <param name="descriptor">Any bound socket of the group.</param>
    /// <param name="sockets">How many there are, 2 or more.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    internal static unsafe void Attach(SafeDescriptor descriptor, int sockets)
    {
        ReadOnlySpan<FilterInstruction> instructions =
        [
            LoadByte(0),
            new(Libc.BPF_JMP | Libc.BPF_JSET | Libc.BPF_K, 0, 4, LongHeaderForm),
            LoadByte(IdLengthOffset),
            new(Libc.BPF_JMP | Libc.BPF_JEQ | Libc.BPF_K, 5, 0, 0),
            LoadByte(LongHeaderIdOffset),
            new(Libc.BPF_JMP | Libc.BPF_JA, 0, 0, 1),
            LoadByte(ShortHeaderIdOffset),
            new(Libc.BPF_ALU | Libc.BPF_MOD | Libc.BPF_K, 0, 0, (uint)sockets),
            new(Libc.BPF_RET | Libc.BPF_A, 0, 0, 0),
            new(Libc.BPF_RET | Libc.BPF_K, 0, 0, 0),
        ];
        fixed (FilterInstruction* first = instructions)
        {
            // Safe: the kernel copies the instructions before the call returns.
            var program = new FilterProgram { Length = (ushort)instructions.Length, Instructions = (nint)first };
            if (Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_ATTACH_REUSEPORT_CBPF, in program, (uint)Unsafe.SizeOf<FilterProgram>()) < 0)
                throw LinuxException.Because(Libc.LastError, "setsockopt SO_ATTACH_REUSEPORT_CBPF", "Several loops need Linux 4.5 or later; set Loops = 1");
        }
    }

    private static FilterInstruction LoadByte(uint offset) => new(Libc.BPF_LD | Libc.BPF_B | Libc.BPF_ABS, 0, 0, offset);
}
