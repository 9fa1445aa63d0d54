using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.OpenSsl;

/// <summary>An <c>EVP_PKEY_CTX</c>: one key agreement under way.</summary>
internal sealed class EvpKeyContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public EvpKeyContext()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKeyContext(handle);
        return true;
    }
}
