using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vpr.Crypto;

/// <summary>Multiplication in the field of GHASH by PMULL, in the form that <see cref="Ghash"/> explains.</summary>
/// <remarks>NIST SP 800-38D §6.3. Constant-time.</remarks>
internal struct ArmGhash<T> where T : struct, IArmCryptography
{
    private Vector128<ulong> _low;
    private Vector128<ulong> _middle;
    private Vector128<ulong> _high;

    /// <summary>Adds the product of a block and a power of the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Vector128<ulong> block, Vector128<ulong> power)
    {
        _low ^= T.MultiplyLower(block, power);
        _middle ^= T.MultiplyLower(block ^ SwapHalves(block), power ^ SwapHalves(power));
        _high ^= T.MultiplyUpper(block, power);
    }

    /// <summary>The sum of all products, as one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Vector128<ulong> Reduce()
    {
        Vector128<ulong> polynomial = Vector128.Create(Ghash.Polynomial);
        Vector128<ulong> middle = _middle ^ _low ^ _high ^ SwapHalves(_low) ^ T.MultiplyLower(_low, polynomial);
        return _high ^ SwapHalves(middle) ^ T.MultiplyLower(middle, polynomial);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SwapHalves(Vector128<ulong> value) => Vector128.Create(value.GetUpper(), value.GetLower());
}
