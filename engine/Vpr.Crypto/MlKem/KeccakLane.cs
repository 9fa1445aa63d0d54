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

/// <summary>Four states: lane <c>i</c> of state <c>n</c> is element <c>n</c> of the vector.</summary>
internal readonly struct FourLanes(Vector256<ulong> value) : IKeccakLane<FourLanes>
{
    internal readonly Vector256<ulong> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator ^(FourLanes left, FourLanes right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes AndNot(FourLanes left, FourLanes right) => new(Vector256.AndNot(right.Value, left.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes RotateLeft(FourLanes value, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported
            ? new(Avx512F.VL.RotateLeft(value.Value, bits))
            : new((value.Value << bits) | (value.Value >>> (64 - bits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Broadcast(ulong value) => new(Vector256.Create(value));
}
