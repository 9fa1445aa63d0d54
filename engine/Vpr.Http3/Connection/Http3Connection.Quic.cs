using Vpr.Io;
using Vpr.Quic;

namespace Vpr.Http3;

public sealed partial class Http3Connection
{
    /// <summary>Starts HTTP/3 on a QUIC connection, before or after its handshake.</summary>
    /// <param name="transport">The QUIC connection, ALPN "h3"; it stays the caller's, who receives, transmits and disposes it.</param>
    /// <param name="isServer">Which role.</param>
    /// <param name="settings">What we declare.</param>
    /// <param name="random">For the settings that keep peers used to unknown ones.</param>
    public Http3Connection(QuicConnection transport, bool isServer, Http3Settings settings, IRandomSource random)
        : this(new QuicTransport(transport), isServer, settings, random) => Transport = transport;

    /// <summary>The QUIC connection below; null only where tests put something else there.</summary>
    public QuicConnection? Transport { get; }
}
