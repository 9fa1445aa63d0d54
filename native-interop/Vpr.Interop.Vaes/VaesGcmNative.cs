using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Vpr.Interop.Vaes;

/// <summary>An AES-GCM key for 256-bit AES and carry-less multiplication, for text that is sealed and opened where it lies.</summary>
/// <remarks>
/// NIST SP 800-38D §7. Nothing is allocated after creation, and a call neither blocks nor lets the collector in: a text of 1,300 bytes takes
/// 0.15 µs. Constant-time but for the lengths, which are public.
/// </remarks>
public sealed unsafe partial class VaesGcmNative : IDisposable
{
    /// <summary>How many powers of the hash key there are, one for each block of a batch.</summary>
    public const int PowerCount = 16;

    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 16;

    /// <summary>Bytes of the round keys of AES-256, the longest.</summary>
    public const int MaxRoundKeysLength = 15 * BlockLength;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    // struct gcm_key of aes_gcm_vaes.c. Pinned: C has its address, and the collector leaves no copy behind.
    private const int LastAt = MaxRoundKeysLength;
    private const int PowersAt = LastAt + BlockLength;
    private const int FoldedPowersAt = PowersAt + PowerCount * BlockLength;
    private const int CacheLine = 64;
    private readonly byte[] _memory = GC.AllocateArray<byte>(FoldedPowersAt + PowerCount * BlockLength + CacheLine, pinned: true);
    private readonly byte* _key;

    /// <summary>Takes over a key that has been expanded; the caller's copies are the caller's to erase.</summary>
    /// <param name="roundKeys">11 round keys for AES-128, 15 for AES-256, 16 bytes each (FIPS 197 §5.2).</param>
    /// <param name="powers"><see cref="PowerCount"/> powers of the hash key, each 16 bytes with its bytes reversed and times x, the highest first.</param>
    /// <param name="foldedPowers">For each power the sum of its halves, in both halves.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    public VaesGcmNative(ReadOnlySpan<byte> roundKeys, ReadOnlySpan<byte> powers, ReadOnlySpan<byte> foldedPowers)
    {
        if (!IsSupported) throw new PlatformNotSupportedException("The processor has no VAES.");
        if (roundKeys.Length is not (11 * BlockLength or 15 * BlockLength)) throw new ArgumentException("There are 11 or 15 round keys.", nameof(roundKeys));
        if (powers.Length != PowerCount * BlockLength) throw new ArgumentException("There are 16 powers.", nameof(powers));
        if (foldedPowers.Length != powers.Length) throw new ArgumentException("There are 16 powers.", nameof(foldedPowers));

        int start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (CacheLine - 1));
        Span<byte> key = _memory.AsSpan(start);
        roundKeys.CopyTo(key);
        MemoryMarshal.Write(key[LastAt..], (ulong)(roundKeys.Length / BlockLength - 1));
        powers.CopyTo(key[PowersAt..]);
        foldedPowers.CopyTo(key[FoldedPowersAt..]);
        _key = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, start);
    }

    /// <summary>Whether the processor has AVX2, VAES and VPCLMULQDQ, and the system keeps their registers.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && X86Base.X64.IsSupported && IsSupportedByProcessor() != 0;

    /// <summary>Encrypts <paramref name="text"/> in place and writes its tag.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <param name="text">Plaintext in, ciphertext out.</param>
    /// <param name="tag">Receives 16 bytes; may lie directly behind the text, not within it.</param>
    /// <exception cref="ArgumentException">The nonce or the tag has another length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as Aead.Seal
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
    {
        CheckLengths(nonce, tag);

        // All spans are pinned for the call, and each pointer goes with its own length; nonce and tag were checked above.
        fixed (byte* noncePointer = nonce, dataPointer = associatedData, textPointer = text, tagPointer = tag)
        {
            Seal(_key, noncePointer, dataPointer, (nuint)associatedData.Length, textPointer, (nuint)text.Length, tagPointer);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Decrypts <paramref name="text"/> in place and checks the tag.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">As given to <see cref="Seal(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, Span{byte})"/>.</param>
    /// <param name="text">Ciphertext in, plaintext out; cleared when false is returned.</param>
    /// <param name="tag">16 bytes.</param>
    /// <returns>Whether the tag is right.</returns>
    /// <exception cref="ArgumentException">The nonce or the tag has another length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as Aead.Seal
    public bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        CheckLengths(nonce, tag);
        bool isAuthentic;

        // As above.
        fixed (byte* noncePointer = nonce, dataPointer = associatedData, textPointer = text, tagPointer = tag)
        {
            isAuthentic = Open(_key, noncePointer, dataPointer, (nuint)associatedData.Length, textPointer, (nuint)text.Length, tagPointer) != 0;
        }

        GC.KeepAlive(this);
        if (!isAuthentic) CryptographicOperations.ZeroMemory(text);
        return isAuthentic;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_memory);

    private static void CheckLengths(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tag)
    {
        if (nonce.Length != NonceLength) throw new ArgumentException("A nonce is 12 bytes.", nameof(nonce));
        if (tag.Length != TagLength) throw new ArgumentException("A tag is 16 bytes.", nameof(tag));
    }

    [LibraryImport("vpr_vaes", EntryPoint = "vpr_aes_gcm_is_supported")]
    private static partial int IsSupportedByProcessor();

    [LibraryImport("vpr_vaes", EntryPoint = "vpr_aes_gcm_seal")]
    [SuppressGCTransition]
    private static partial void Seal(byte* key, byte* nonce, byte* data, nuint dataLength, byte* text, nuint length, byte* tag);

    [LibraryImport("vpr_vaes", EntryPoint = "vpr_aes_gcm_open")]
    [SuppressGCTransition]
    private static partial int Open(byte* key, byte* nonce, byte* data, nuint dataLength, byte* text, nuint length, byte* tag);
}
