using System.Security.Cryptography;

namespace Vpr.Interop.OpenSsl;

/// <summary>Keys of the curves whose encodings are 32 raw bytes, in and out of libcrypto.</summary>
internal static unsafe class RawKey
{
    internal const int Length = 32;

    /// <exception cref="CryptographicException">libcrypto refused, which for 32 bytes means that it is out of memory.</exception>
    internal static EvpKey ImportPrivate(int type, ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException("A private key is 32 bytes.", nameof(key));

        // Pinned for the call; libcrypto copies exactly `Length` bytes, which were checked above.
        fixed (byte* source = key)
        {
            EvpKey imported = LibCrypto.NewRawPrivateKey(type, 0, source, Length);
            return imported.IsInvalid ? throw Failed(imported) : imported;
        }
    }

    /// <summary>The key behind 32 bytes from a peer, or an invalid handle when libcrypto refuses them.</summary>
    internal static EvpKey ImportPublic(int type, ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException("A public key is 32 bytes.", nameof(key));

        // Pinned for the call; libcrypto copies exactly `Length` bytes, which were checked above.
        fixed (byte* source = key)
        {
            return LibCrypto.NewRawPublicKey(type, 0, source, Length);
        }
    }

    internal static void ExportPublic(EvpKey key, Span<byte> destination)
    {
        if (destination.Length != Length) throw new ArgumentException("A public key is 32 bytes.", nameof(destination));

        nuint written = Length;
        // Pinned for the call; `written` tells libcrypto how much room there is.
        fixed (byte* target = destination)
        {
            if (LibCrypto.GetRawPublicKey(key, target, ref written) != 1 || written != Length) throw Failed(null);
        }
    }

    internal static void ExportPrivate(EvpKey key, Span<byte> destination)
    {
        if (destination.Length != Length) throw new ArgumentException("A private key is 32 bytes.", nameof(destination));

        nuint written = Length;
        // Pinned for the call; `written` tells libcrypto how much room there is.
        fixed (byte* target = destination)
        {
            if (LibCrypto.GetRawPrivateKey(key, target, ref written) != 1 || written != Length) throw Failed(null);
        }
    }

    internal static CryptographicException Failed(IDisposable? handle)
    {
        handle?.Dispose();
        LibCrypto.ClearErrors();
        return new CryptographicException("libcrypto refused an operation on a well-formed key.");
    }
}
