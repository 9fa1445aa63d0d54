using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <remarks>linux/filter.h, linux/bpf_common.h: classic BPF, as packet(7) and socket(7) take it.</remarks>
internal static partial class Libc
{
    internal const ushort BPF_LD = 0x00;
    internal const ushort BPF_ALU = 0x04;
    internal const ushort BPF_JMP = 0x05;
    internal const ushort BPF_RET = 0x06;
    internal const ushort BPF_B = 0x10;
    internal const ushort BPF_ABS = 0x20;
    internal const ushort BPF_MOD = 0x90;
    internal const ushort BPF_JA = 0x00;
    internal const ushort BPF_JEQ = 0x10;
    internal const ushort BPF_JSET = 0x40;
    internal const ushort BPF_K = 0x00;
    internal const ushort BPF_A = 0x10;
}

/// <summary>struct sock_filter of linux/filter.h: one instruction.</summary>
/// <param name="Code">What it does.</param>
/// <param name="IfTrue">Instructions that a jump skips when its condition holds.</param>
/// <param name="IfFalse">Instructions that it skips otherwise.</param>
/// <param name="Operand">An offset, a constant, or how far an unconditional jump goes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

/// <summary>struct sock_fprog of linux/filter.h, in the layout of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FilterProgram
{
    internal ushort Length;
    internal nint Instructions;
}
