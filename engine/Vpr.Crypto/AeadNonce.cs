using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vpr.Crypto;

/// <summary>The 12 bytes of a nonce that is made of a message's counter.</summary>
/// <remarks>
/// Kept in the two pieces in which ciphers load it, because a load that spans two stores waits until both have reached the cache. For the same
/// reason it is no <c>stackalloc</c>: a method that has one copies its arguments first, to where an overrun would not reach them.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(uint))]
public readonly struct AeadNonce
{
    private readonly ulong _head;
    private readonly uint _tail;

    /// <summary>Four zero bytes and the counter, most significant byte first.</summary>
    /// <remarks>Noise revision 34 §12.4</remarks>
    /// <param name="counter">The message's counter, any value.</param>
    public AeadNonce(ulong counter)
    {
        _head = BigEndian(counter >> 32);
        _tail = BigEndian((uint)(counter & uint.MaxValue));
    }

    /// <summary>The counter, most significant byte first and padded with zeros in front, exclusive-or an IV.</summary>
    /// <remarks>RFC 8446 §5.3, RFC 9001 §5.3</remarks>
    /// <param name="iv">12 bytes.</param>
    /// <param name="counter">The message's counter, any value.</param>
    /// <exception cref="ArgumentException">The IV has another length.</exception>
    public AeadNonce(ReadOnlySpan<byte> iv, ulong counter)
    {
        Throw.IfLengthIsNot(Aead.NonceLength, iv);
        _head = BigEndian(counter >> 32) ^ MemoryMarshal.Read<ulong>(iv);
        _tail = BigEndian((uint)(counter & uint.MaxValue)) ^ MemoryMarshal.Read<uint>(iv[sizeof(ulong)..]);
    }

    /// <summary>The bytes; valid as long as this variable.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<AeadNonce, byte>(ref Unsafe.AsRef(in this)), Aead.NonceLength);

    private static ulong BigEndian(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static uint BigEndian(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
