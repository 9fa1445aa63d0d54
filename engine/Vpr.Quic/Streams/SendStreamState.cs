namespace Vpr.Quic.Streams;

/// <summary>The states of a stream's sending part.</summary>
/// <remarks>RFC 9000 §3.1. "Ready" is <see cref="Send"/> with nothing sent: no rule tells them apart here.</remarks>
internal enum SendStreamState : byte
{
    /// <summary>Data may be written and sent.</summary>
    Send,

    /// <summary>All data and the end were sent; some may be sent again.</summary>
    DataSent,

    /// <summary>The stream was abandoned; RESET_STREAM is on its way.</summary>
    ResetSent,

    /// <summary>Everything is acknowledged. Terminal.</summary>
    DataReceived,

    /// <summary>RESET_STREAM is acknowledged. Terminal.</summary>
    ResetReceived,
}
