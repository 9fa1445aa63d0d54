using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.OpenSsl;

/// <summary>An <c>EVP_CIPHER_CTX</c>: an expanded key, cleansed by libcrypto when it is freed.</summary>
internal sealed class EvpCipherContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public EvpCipherContext()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeCipherContext(handle);
        return true;
    }
}
