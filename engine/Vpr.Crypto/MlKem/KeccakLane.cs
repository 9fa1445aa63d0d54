using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vpr.Crypto;

/// <summary>A lane of the Keccak state, or the same lane of several states side by side.</summary>
/// <remarks>FIPS 202 §3.1. The permutation is written once against this; each implementation compiles to its own code.</remarks>
internal interface IKeccakLane<TLane>
    where TLane : struct, IKeccakLane<TLane>
{
    static abstract TLane operator ^(TLane left, TLane right);

    /// <summary>The complement of <paramref name="left"/> and <paramref name="right"/>.</summary>
    static abstract TLane AndNot(TLane left, TLane right);

    static abstract TLane RotateLeft(TLane value, [ConstantExpected] byte bits);

    static abstract TLane Broadcast(ulong value);
}

/// <summary>One state.</summary>
internal readonly struct SingleLane(ulong value) : IKeccakLane<SingleLane>
{
    internal readonly ulong Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator ^(SingleLane left, SingleLane right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane AndNot(SingleLane left, SingleLane right) => new(~left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane RotateLeft(SingleLane value, [ConstantExpected] byte bits) => new(BitOperations.RotateLeft(value.Value, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Broadcast(ulong value) => new(value);
}

/// <summary>Four states in AVX2 registers: lane <c>i</c> of state <c>n</c> is element <c>n</c> of the vector.</summary>
/// <remarks>
/// The instructions are named, because ahead of time <see cref="Vector256{T}"/> is compiled for processors without them. Only
/// <see cref="Keccak.PermuteFour"/> may compute with this type, after it has asked whether they are there.
/// </remarks>
internal readonly struct FourLanes(Vector256<ulong> value) : IKeccakLane<FourLanes>
{
    internal readonly Vector256<ulong> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator ^(FourLanes left, FourLanes right) => new(Avx2.Xor(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes AndNot(FourLanes left, FourLanes right) => new(Avx2.AndNot(left.Value, right.Value));

#pragma warning disable CA1857 // 64 - bits is a constant wherever bits is, which every caller's is
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes RotateLeft(FourLanes value, [ConstantExpected] byte bits) =>
        new(Avx2.Or(Avx2.ShiftLeftLogical(value.Value, bits), Avx2.ShiftRightLogical(value.Value, (byte)(64 - bits))));
#pragma warning restore CA1857

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Broadcast(ulong value) => new(Vector256.Create(value));
}
