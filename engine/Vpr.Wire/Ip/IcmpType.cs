namespace Vpr.Wire.Ip;

/// <summary>The kinds of ICMP message that a tunnel deals with.</summary>
/// <remarks>RFC 792</remarks>
public enum IcmpType : byte
{
    /// <summary>Echo reply</summary>
    EchoReply = 0,

    /// <summary>Destination unreachable; code 4 says that fragmentation is needed (RFC 1191 §4).</summary>
    DestinationUnreachable = 3,

    /// <summary>Echo</summary>
    Echo = 8,

    /// <summary>Time exceeded</summary>
    TimeExceeded = 11,

    /// <summary>Parameter problem</summary>
    ParameterProblem = 12,
}
