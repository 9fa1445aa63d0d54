namespace Vpr.Quic.Streams;

/// <summary>The states of a stream's receiving part.</summary>
/// <remarks>RFC 9000 §3.2</remarks>
internal enum ReceiveStreamState : byte
{
    /// <summary>Data arrives, its end is not known.</summary>
    Receive,

    /// <summary>The final size is known, some data is missing.</summary>
    SizeKnown,

    /// <summary>All data is there, some is not read.</summary>
    DataReceived,

    /// <summary>The peer abandoned the stream; the application does not know yet.</summary>
    ResetReceived,

    /// <summary>All data was read. Terminal.</summary>
    DataRead,

    /// <summary>The application knows of the reset. Terminal.</summary>
    ResetRead,
}
