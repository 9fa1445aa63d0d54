namespace Vpr.Io;

/// <summary>The two ECN bits of an IP header.</summary>
/// <remarks>RFC 3168 §5</remarks>
public enum EcnCodepoint : byte
{
    /// <summary>Not ECN-capable transport, 00.</summary>
    NotEct = 0,

    /// <summary>ECN-capable transport, 01.</summary>
    Ect1 = 1,

    /// <summary>ECN-capable transport, 10.</summary>
    Ect0 = 2,

    /// <summary>Congestion experienced, 11.</summary>
    CongestionExperienced = 3,
}
