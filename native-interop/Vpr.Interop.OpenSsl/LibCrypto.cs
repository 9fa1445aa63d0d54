using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vpr.Interop.OpenSsl;

/// <summary>The functions of libcrypto that the primitives here call, as <c>openssl/evp.h</c> and <c>openssl/err.h</c> declare them.</summary>
/// <remarks>
/// A static binary links them in (<c>DirectPInvoke</c>). Elsewhere the resolver loads the library that the framework itself
/// uses, because the bare name would need a development package.
/// </remarks>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto";

    /// <summary>NID of X25519, <c>EVP_PKEY_X25519</c>.</summary>
    internal const int X25519 = 1034;

    /// <summary>NID of Ed25519, <c>EVP_PKEY_ED25519</c>.</summary>
    internal const int Ed25519 = 1087;

    /// <summary><c>enc</c> of <c>EVP_CipherInit_ex</c>.</summary>
    internal const int Encrypt = 1;

    /// <summary><c>enc</c> of <c>EVP_CipherInit_ex</c>.</summary>
    internal const int Decrypt = 0;

    /// <summary><c>EVP_CTRL_AEAD_GET_TAG</c>.</summary>
    internal const int GetTag = 0x10;

    /// <summary><c>EVP_CTRL_AEAD_SET_TAG</c>.</summary>
    internal const int SetTag = 0x11;

    /// <summary><c>OPENSSL_INIT_NO_ATEXIT</c>.</summary>
    private const ulong NoAtExit = 0x0008_0000;

    // Whoever is first decides: without the flag exit() frees libcrypto's state while other threads still compute with it, and now
    // and then a process that was done dies of a signal. The framework gives it as well, but comes second where a key is read first.
    static LibCrypto()
    {
        NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);
        if (Initialize(NoAtExit, 0) != 1) throw new CryptographicException("libcrypto cannot be initialized.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library) return 0;
        ReadOnlySpan<string> candidates = ["libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll"];
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out nint handle)) return handle;
        }

        return 0;
    }

    [LibraryImport(Library, EntryPoint = "OPENSSL_init_crypto")]
    private static partial int Initialize(ulong options, nint settings);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    internal static partial EvpKey NewRawPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    internal static partial EvpKey NewRawPublicKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_private_key")]
    internal static partial int GetRawPrivateKey(EvpKey key, byte* destination, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    internal static partial int GetRawPublicKey(EvpKey key, byte* destination, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    internal static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    internal static partial EvpKeyContext NewKeyContext(EvpKey key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    internal static partial void FreeKeyContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    internal static partial int DeriveInit(EvpKeyContext context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    internal static partial int DeriveSetPeer(EvpKeyContext context, EvpKey peer);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    internal static partial int Derive(EvpKeyContext context, byte* secret, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    internal static partial EvpDigestContext NewDigestContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    internal static partial void FreeDigestContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    internal static partial int DigestSignInit(EvpDigestContext context, nint keyContext, nint digest, nint engine, EvpKey key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    internal static partial int DigestSign(EvpDigestContext context, byte* signature, ref nuint signatureLength, byte* message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    internal static partial int DigestVerifyInit(EvpDigestContext context, nint keyContext, nint digest, nint engine, EvpKey key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    internal static partial int DigestVerify(EvpDigestContext context, byte* signature, nuint signatureLength, byte* message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_gcm")]
    internal static partial nint Aes128Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_gcm")]
    internal static partial nint Aes256Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_chacha20_poly1305")]
    internal static partial nint ChaCha20Poly1305();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_new")]
    internal static partial EvpCipherContext NewCipherContext();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_free")]
    internal static partial void FreeCipherContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex")]
    internal static partial int CipherInit(EvpCipherContext context, nint cipher, nint engine, byte* key, byte* nonce, int direction);

    [LibraryImport(Library, EntryPoint = "EVP_CipherUpdate")]
    internal static partial int CipherUpdate(EvpCipherContext context, byte* destination, out int written, byte* source, int length);

    [LibraryImport(Library, EntryPoint = "EVP_CipherFinal_ex")]
    internal static partial int CipherFinal(EvpCipherContext context, byte* destination, out int written);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    internal static partial int CipherControl(EvpCipherContext context, int type, int argument, byte* pointer);

    /// <summary>Empties this thread's error queue: the framework reads the same queue and would report our failure as its own.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    internal static partial void ClearErrors();
}
