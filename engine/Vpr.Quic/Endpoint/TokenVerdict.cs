namespace Vpr.Quic;

/// <summary>What the token of an Initial packet proves.</summary>
/// <remarks>RFC 9000 §8.1.3</remarks>
internal enum TokenVerdict : byte
{
    /// <summary>Nothing: not ours, for another address, or too old. The packet is taken as if it had no token.</summary>
    Foreign,

    /// <summary>The client received our Retry: its address is validated.</summary>
    Retry,

    /// <summary>The client received our Retry but answers too late: INVALID_TOKEN.</summary>
    ExpiredRetry,

    /// <summary>The client was at this address lately: its address is validated.</summary>
    NewToken,
}
