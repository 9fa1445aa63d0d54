namespace Vpr.Quic;

/// <summary>One QUIC connection, client or server: datagrams and time go in, datagrams, deadlines and events come out.</summary>
/// <remarks>RFC 9000. Not thread-safe: a connection belongs to the loop that owns its socket.</remarks>
public sealed partial class QuicConnection
{
}
