namespace Vpr.Wire.Tls;

/// <summary>Whether the peer is to update its keys as well.</summary>
/// <remarks>RFC 8446 §4.6.3</remarks>
public enum KeyUpdateRequest : byte
{
    /// <summary>update_not_requested</summary>
    UpdateNotRequested = 0,

    /// <summary>update_requested</summary>
    UpdateRequested = 1,
}
