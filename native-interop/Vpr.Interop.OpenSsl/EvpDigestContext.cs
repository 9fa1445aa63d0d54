using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.OpenSsl;

/// <summary>An <c>EVP_MD_CTX</c>: one signature being made or checked.</summary>
internal sealed class EvpDigestContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public EvpDigestContext()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeDigestContext(handle);
        return true;
    }
}
