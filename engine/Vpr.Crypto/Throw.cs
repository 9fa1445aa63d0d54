using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Vpr.Crypto;

/// <summary>Misuse by our own caller; what a peer sends never comes here.</summary>
internal static class Throw
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void IfLengthIsNot(int expected, ReadOnlySpan<byte> value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value.Length != expected) Length(expected, name);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void IfDisposed([DoesNotReturnIf(true)] bool disposed, object instance)
    {
        if (disposed) Disposed(instance);
    }

    [DoesNotReturn]
    internal static void NotWhole(int unit, string name) => throw new ArgumentException($"A multiple of {unit} bytes is needed.", name);

    [DoesNotReturn]
    private static void Length(int expected, string name) =>
        throw new ArgumentException($"Exactly {expected} bytes are needed.", name);

    [DoesNotReturn]
    private static void Disposed(object instance) => throw new ObjectDisposedException(instance.GetType().Name);
}
