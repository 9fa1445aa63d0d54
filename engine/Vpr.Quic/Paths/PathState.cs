using Vpr.Io;

namespace Vpr.Quic;

/// <summary>What is known of one path to the peer: whether it is validated, what may be sent on it, how large.</summary>
/// <remarks>RFC 9000 §8, §9</remarks>
internal sealed class PathState
{
    /// <summary>How many times the bytes received may be sent before the peer's address is validated.</summary>
    /// <remarks>RFC 9000 §8.1</remarks>
    private const ulong AmplificationFactor = 3;

    // An IPv6 header is that much longer than an IPv4 header.
    private const int Ipv6ExtraHeader = 20;

    private ulong _received;
    private ulong _sent;

    /// <summary>A path on which nothing was sent or received.</summary>
    /// <param name="address">Both ends' addresses.</param>
    /// <param name="isValidated">Whether the peer is known to be there: true for a client's view of its server.</param>
    /// <param name="options">Sizes to begin with and to try.</param>
    /// <param name="peerMaxUdpPayload">The peer's max_udp_payload_size as far as known, in bytes.</param>
    public PathState(in DatagramPath address, bool isValidated, TransportOptions options, int peerMaxUdpPayload)
    {
        Address = address;
        IsValidated = isValidated;
        int largest = address.Remote.IsIpv4 ? options.MaxUdpPayload : Math.Max(options.MaxUdpPayload - Ipv6ExtraHeader, options.InitialMaxUdpPayload);
        Mtu = new PathMtuDiscovery(options, Math.Min(peerMaxUdpPayload, largest));
    }

    /// <summary>Both ends' addresses.</summary>
    public DatagramPath Address { get; }

    /// <summary>Whether the peer has proved that it is reached here.</summary>
    public bool IsValidated { get; private set; }

    /// <summary>The largest datagram of the path, known and sought.</summary>
    public PathMtuDiscovery Mtu { get; }

    /// <summary>Proof of reachability that is asked for.</summary>
    public PathValidation Validation { get; } = new();

    /// <summary>How many bytes may be sent now: without limit, or what anti-amplification leaves.</summary>
    public int SendAllowance
    {
        get
        {
            if (IsValidated) return int.MaxValue;
            ulong allowed = AmplificationFactor * _received;
            return allowed <= _sent ? 0 : (int)Math.Min(allowed - _sent, int.MaxValue);
        }
    }

    /// <summary>A datagram of <paramref name="bytes"/> bytes came in.</summary>
    public void OnReceived(int bytes) => _received += (ulong)bytes;

    /// <summary>A datagram of <paramref name="bytes"/> bytes went out.</summary>
    public void OnSent(int bytes) => _sent += (ulong)bytes;

    /// <summary>The peer is reached here.</summary>
    public void Validate()
    {
        IsValidated = true;
        Validation.Stop();
    }
}
