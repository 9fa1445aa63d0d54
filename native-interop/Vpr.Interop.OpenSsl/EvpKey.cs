using Microsoft.Win32.SafeHandles;

namespace Vpr.Interop.OpenSsl;

/// <summary>An <c>EVP_PKEY</c>: a private or public key that libcrypto owns and cleanses when it is freed.</summary>
public sealed class EvpKey : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>An empty handle, for the marshaller to fill.</summary>
    public EvpKey()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
