using Vpr.Http3;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Tunnel.Queueing;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel;

/// <summary>One client's tunnel over one request, at either end: inner packets in, datagrams out, and back.</summary>
/// <remarks>
/// RFC 9484 and docs/architecture.md. A packet is judged, sealed, framed and protected where it lies, and opened where it arrives. Sans-IO and
/// not thread-safe: it belongs to the loop of its connection. Owns its keys and the request stream.
/// </remarks>
public sealed partial class TunnelSession : IConnectIpHandler, IDisposable
{
    /// <summary>The longest inner packet ever carried whole; see <see cref="Mtu"/>.</summary>
    public const int LargestMtu = 1408;

    /// <summary>The inner packet that always passes; RFC 9484 §10.1 asks it of every tunnel that carries IPv6.</summary>
    public const int SmallestMtu = 1280;

    /// <summary>Room in front of a packet, beyond <see cref="MeasureHeader"/>, that lets an acknowledgement ride along.</summary>
    public static int AckRoom => QuicConnection.AckRoom;

    private readonly ITunnelHandler _handler;
    private readonly QueueDiscipline _discipline;
    private PacketQueue _queue;
    private ConnectIpStream? _stream;
    private EpochCipher? _cipher;
    private HttpDatagramWriter _header;
    private ulong _contextId;
    private bool _hasContext;
    private TunnelCounters _counters;
    private IcmpRateLimit _icmpLimit;

    /// <summary>A session that is being opened: the handler of a <see cref="ConnectIpClient"/>, or of a server's <see cref="TunnelGrant"/>.</summary>
    /// <param name="handler">Takes what is received.</param>
    /// <param name="discipline">How packets wait for the congestion window.</param>
    public TunnelSession(ITunnelHandler handler, QueueDiscipline discipline = QueueDiscipline.FqCodel)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handler = handler;
        _discipline = discipline;
        _queue = PacketQueue.Create(discipline, key: 0);
    }

    /// <summary>Takes the keys of the handshake; a server's end does so before the request is accepted.</summary>
    /// <param name="keys">What the handshake left; the session erases it.</param>
    public void SetKeys(SessionKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _queue = PacketQueue.Create(_discipline, keys.FlowKey);
        if ((keys.Parameters.Features & SessionFeatures.SealedPackets) != 0) _cipher = keys.TakeCipher();
    }

    /// <summary>Begins to carry packets. A client's end with keys registers its context now.</summary>
    /// <param name="stream">The open tunnel; owned from now on.</param>
    public void Open(ConnectIpStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        if (_cipher is null)
        {
            // The server's authentic answer decided so.
            stream.Session.TakesPlainPackets = true;
            UseContext(DatagramContext.PlainPacket);
        }
        else if (!stream.Session.IsServer)
        {
            UseContext(stream.Session.RegisterContext(ContextFormat.NoiseTransport, _cipher.Epoch).Id);
            stream.Flush();
        }
        else if (_hasContext)
        {
            UseContext(_contextId);
        }
    }

    /// <summary>The addresses that the peer assigned to this end.</summary>
    public ReadOnlySpan<IpPrefix> Addresses => _stream is { } stream ? stream.Session.AssignedToUs : default;

    /// <summary>Where the peer lets this end send.</summary>
    public RouteTable Routes => _stream?.Session.PeerRoutes ?? RouteTable.Empty;

    /// <summary>Whether packets pass; false before <see cref="Open"/>, and once either end has ended the tunnel.</summary>
    public bool IsOpen => _stream is { IsOpen: true };

    /// <summary>The client at the other end; <c>default</c> on the client's own side.</summary>
    public PeerKey Client => _stream?.Client ?? default;

    /// <summary>The connection under the tunnel, while there is one.</summary>
    public QuicConnection? Transport => _stream?.Stream.Connection.Transport;

    /// <summary>What passed so far.</summary>
    public TunnelCounters Counters => _counters with { QueueDrops = _queue.Drops, QueueMarks = _queue.Marks };

    /// <summary>The longest inner packet that one datagram carries on the present path, in bytes; between <see cref="SmallestMtu"/>, for which capsules stand in, and <see cref="LargestMtu"/>.</summary>
    public int Mtu => Math.Clamp((_stream?.MaxPayload(_contextId) ?? 0) - Overhead, SmallestMtu, LargestMtu);

    /// <summary>The bytes that the next datagram has in front of its packet when no acknowledgement rides along: with just that room it begins where its memory does.</summary>
    public int MeasureHeader() => (_stream?.MeasureHeader(_header) ?? 0) + (_cipher is null ? 0 : EpochCipher.HeaderLength);

    /// <summary>The bytes that a datagram has behind its packet.</summary>
    public int TrailerLength => QuicConnection.DatagramTailroom + (_cipher is null ? 0 : EpochCipher.Overhead - EpochCipher.HeaderLength);

    /// <summary>Follows an event of the tunnel's request.</summary>
    public void OnEvent(in Http3Event ev) => _stream?.OnEvent(ev);

    /// <summary>Ends the tunnel in good order and erases its keys.</summary>
    public void Dispose()
    {
        if (_stream is { IsOpen: true }) _stream.Close();
        _stream?.Dispose();
        _cipher?.Dispose();
        _queue.Clear();
    }

    // What sealing adds to a packet.
    private int Overhead => _cipher is null ? 0 : EpochCipher.Overhead;

    private void UseContext(ulong id)
    {
        _contextId = id;
        _hasContext = true;
        if (_stream is { } stream) _header = stream.DatagramHeader(id);
    }
}
