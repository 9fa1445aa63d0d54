namespace Vpr.Tunnel.Offload;

/// <summary>The control bits of a TCP header's 14th byte.</summary>
/// <remarks>RFC 9293 §3.1</remarks>
[Flags]
internal enum TcpFlags : byte
{
    /// <summary>No more data.</summary>
    Fin = 0x01,

    /// <summary>Sequence numbers are synchronized.</summary>
    Syn = 0x02,

    /// <summary>The connection is reset.</summary>
    Rst = 0x04,

    /// <summary>Hand the data over at once.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgment number counts.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer counts.</summary>
    Urg = 0x20,

    /// <summary>ECN echo (RFC 3168 §6.1).</summary>
    Ece = 0x40,

    /// <summary>The congestion window was reduced (RFC 3168 §6.1).</summary>
    Cwr = 0x80,
}
