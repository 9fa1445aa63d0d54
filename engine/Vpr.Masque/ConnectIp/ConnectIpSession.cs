using System.Buffers;
using Vpr.Http3;
using Vpr.Wire;
using Vpr.Wire.Masque;
using Vpr.Wire.Noise;

namespace Vpr.Masque;

/// <summary>An IP tunnel over one request: capsules and HTTP Datagrams go in and out, packets are judged in between.</summary>
/// <remarks>
/// RFC 9484. Both ends are alike but for the numbers they give out. The session knows neither the HTTP version nor the transport: what the
/// request stream carries is given to <see cref="ReceiveStream"/> and taken from <see cref="Pending"/>, datagrams are given to
/// <see cref="ReceiveDatagram"/>. <see cref="ConnectIpStream"/> does this over HTTP/3. Not thread-safe.
/// </remarks>
public sealed partial class ConnectIpSession : IDisposable
{
    private readonly CapsuleReader _reader = new();
    private readonly CapsuleQueue _queue = new();
    private readonly PacketPolicy _policy = new();
    private readonly EarlyContextDatagrams _early = new();
    private readonly ContextTable _contexts;
    private readonly AddressExchange _addresses;
    private readonly IConnectIpHandler _handler;

    /// <summary>Starts a session on a request that was accepted, or, for a client, that may be.</summary>
    /// <param name="isServer">Which role.</param>
    /// <param name="handler">Takes what is received.</param>
    /// <param name="addresses">Where the peer's addresses come from; null refuses every request for one.</param>
    public ConnectIpSession(bool isServer, IConnectIpHandler handler, IAddressSource? addresses)
    {
        ArgumentNullException.ThrowIfNull(handler);
        IsServer = isServer;
        _handler = handler;
        _contexts = new ContextTable(isServer);
        _addresses = new AddressExchange(addresses);
    }

    /// <summary>Whether we are the server, the RFC's IP proxy.</summary>
    public bool IsServer { get; }

    /// <summary>Whether plain packets, Context ID 0, are taken; not so where the end-to-end layer must not be passed by. They are then dropped.</summary>
    public bool TakesPlainPackets { get; set; } = true;

    /// <summary>The addresses that the peer assigned to us.</summary>
    public ReadOnlySpan<IpPrefix> AssignedToUs => _policy.AssignedToUs;

    /// <summary>The addresses that we assigned to the peer.</summary>
    public ReadOnlySpan<IpPrefix> AssignedToPeer => _policy.AssignedToPeer;

    /// <summary>What the peer routes.</summary>
    public RouteTable PeerRoutes => _policy.PeerRoutes;

    /// <summary>What we route, as <see cref="AdvertiseRoutes"/> said.</summary>
    public RouteTable OurRoutes => _policy.OurRoutes;

    /// <summary>Why the request stream is to be aborted, once something made that necessary; nothing is taken thereafter.</summary>
    public Http3ErrorCode? Failure { get; private set; }

    /// <summary>Whether the peer ended the request stream between two capsules: the tunnel is over in good order.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Packets from the peer that were dropped by the checks.</summary>
    public ulong DroppedPackets { get; private set; }

    /// <summary>Capsules that wait to be written to the request stream; valid until the session is called again.</summary>
    public ReadOnlySpan<byte> Pending => _queue.Pending;

    /// <summary>Says how much of <see cref="Pending"/> the stream took.</summary>
    public void Advance(int count) => _queue.Advance(count);

    /// <summary>Takes an HTTP Datagram.</summary>
    /// <remarks>RFC 9484 §6. Datagrams of a context that the peer may yet register are kept for a moment, a few of them; others are dropped.</remarks>
    /// <param name="payload">Its payload, Context ID first, free to be overwritten.</param>
    public void ReceiveDatagram(Span<byte> payload)
    {
        if (Failure is not null || !VarInt.TryRead(payload, out ulong id, out int consumed)) return;
        payload = payload[consumed..];
        if (id != DatagramContext.PlainPacket)
        {
            if (_contexts.TryFind(id, out DatagramContext context)) _handler.OnContextDatagram(this, context, payload);
            else if (_contexts.CanBeRegistered(id)) _early.Add(id, payload);
        }
        else if (TakesPlainPackets && JudgeIncoming(payload, out IpPacket facts) == PacketVerdict.Forward)
            _handler.OnPacket(this, facts, payload[..facts.Length]);
    }

    /// <summary>Judges a packet from the peer: a plain one, or one that the end-to-end layer has opened.</summary>
    /// <remarks>RFC 9484 §6. The handler is told of a packet that is refused.</remarks>
    /// <param name="packet">The packet.</param>
    /// <param name="facts">What it says.</param>
    public PacketVerdict JudgeIncoming(ReadOnlySpan<byte> packet, out IpPacket facts)
    {
        PacketVerdict verdict = IpPacket.TryRead(packet, out facts) ? _policy.JudgeIncoming(facts) : PacketVerdict.Malformed;
        if (verdict == PacketVerdict.Forward) return verdict;
        DroppedPackets++;
        _handler.OnDropped(this, verdict, packet);
        return verdict;
    }

    /// <summary>Judges a packet for the peer and lowers its hop limit: what is done right before it enters the tunnel.</summary>
    /// <remarks>RFC 9484 §6</remarks>
    /// <param name="packet">The packet; changed only when it may pass.</param>
    /// <param name="mtu">The longest packet that the tunnel carries now, in bytes.</param>
    /// <param name="facts">What it says.</param>
    public PacketVerdict PrepareOutgoing(Span<byte> packet, int mtu, out IpPacket facts)
    {
        PacketVerdict verdict = JudgeOutgoing(packet, out facts);
        if (verdict != PacketVerdict.Forward) return verdict;
        if (facts.Length > mtu) return PacketVerdict.TooBig;
        return IpPacket.TryDecrementHopLimit(packet) ? PacketVerdict.Forward : PacketVerdict.HopLimitExceeded;
    }

    /// <summary>Judges a packet for the peer by what it has in common with all of its flow; its length and its hop limit are another matter.</summary>
    /// <remarks>RFC 9484 §6</remarks>
    /// <param name="packet">The packet, or a super-packet.</param>
    /// <param name="facts">What it says.</param>
    public PacketVerdict JudgeOutgoing(ReadOnlySpan<byte> packet, out IpPacket facts) =>
        IpPacket.TryRead(packet, out facts) ? _policy.JudgeOutgoing(facts) : PacketVerdict.Malformed;

    /// <summary>Asks the peer for addresses.</summary>
    /// <remarks>RFC 9484 §4.7.2</remarks>
    /// <param name="wishes">One prefix for each wanted address, 1 to 64; with the unspecified address for any of that version.</param>
    public void RequestAddresses(params ReadOnlySpan<IpPrefix> wishes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(wishes.Length, nameof(wishes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wishes.Length, AddressExchange.MaxAddresses, nameof(wishes));
        WireWriter entries = new(stackalloc byte[wishes.Length * AddressExchange.MaxEntryLength]);
        _addresses.Ask(wishes, ref entries);
        WireList<RequestedAddress>.TryParse(entries.Written, out WireList<RequestedAddress> list);
        Send(new AddressRequestCapsule { RequestedAddresses = list });
    }

    /// <summary>Assigns addresses to the peer without being asked: the whole list, which replaces what it had.</summary>
    /// <remarks>RFC 9484 §4.7.1</remarks>
    /// <param name="prefixes">0 to 64 prefixes.</param>
    public void AssignAddresses(params ReadOnlySpan<IpPrefix> prefixes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixes.Length, AddressExchange.MaxAddresses, nameof(prefixes));
        WireWriter entries = new(stackalloc byte[prefixes.Length * AddressExchange.MaxEntryLength]);
        _addresses.Assign(prefixes, ref entries);
        SendAssigned(entries.Written);
    }

    /// <summary>Tells the peer what we route: the whole table, which replaces what was told before.</summary>
    /// <remarks>RFC 9484 §4.7.3</remarks>
    public void AdvertiseRoutes(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        _policy.OurRoutes = routes;
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, routes.Ranges.Length * MaxRangeLength));
        WireWriter entries = new(rented);
        foreach (AddressRange range in routes.Ranges)
        {
            (UInt128 start, UInt128 end) = (range.Start.Value, range.End.Value);
            entries.Write(range.Start.Version == IpVersion.V4
                ? IpAddressRange.Ipv4((uint)start, (uint)end, range.Protocol) : IpAddressRange.Ipv6(start, end, range.Protocol));
        }

        WireList<IpAddressRange>.TryParse(entries.Written, out WireList<IpAddressRange> list);
        Send(new RouteAdvertisementCapsule { IpAddressRanges = list });
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Registers a context of ours; its datagrams may follow at once.</summary>
    /// <param name="format">What its payloads are.</param>
    /// <param name="epoch">The first epoch that its datagrams use.</param>
    public DatagramContext RegisterContext(ContextFormat format, byte epoch)
    {
        DatagramContext context = _contexts.Allocate(format, epoch);
        Send(new RegisterContextCapsule(context.Id, format, epoch));
        return context;
    }

    /// <summary>Closes a context, ours or the peer's.</summary>
    /// <returns>Whether it was open.</returns>
    public bool CloseContext(ulong id)
    {
        if (!_contexts.TryClose(id, out _)) return false;
        Send(new CloseContextCapsule(id));
        return true;
    }

    /// <summary>Begins a handshake for fresh session keys.</summary>
    public void SendRekeyInitiate(byte epoch, ReadOnlySpan<byte> message) =>
        Send(new RekeyInitiateCapsule { Epoch = epoch, HandshakeMessage = message });

    /// <summary>Ends a handshake for fresh session keys.</summary>
    public void SendRekeyRespond(byte epoch, ReadOnlySpan<byte> message) =>
        Send(new RekeyRespondCapsule { Epoch = epoch, HandshakeMessage = message });

    /// <summary>Sends an HTTP Datagram by capsule, for a payload that no QUIC DATAGRAM frame carries.</summary>
    /// <remarks>RFC 9297 §3.5</remarks>
    /// <param name="contextId">The context.</param>
    /// <param name="payload">What follows the Context ID; at most 65,535 bytes.</param>
    /// <returns>False when the stream is so far behind that there is no room: the datagram is dropped.</returns>
    public bool TrySendDatagramCapsule(ulong contextId, ReadOnlySpan<byte> payload)
    {
        if (Failure is not null) return false;
        byte[] rented = ArrayPool<byte>.Shared.Rent(VarInt.MaxLength + payload.Length);
        int length = new ContextDatagram { ContextId = contextId, Payload = payload }.Write(rented);
        bool queued = _queue.TryAdd(new DatagramCapsule { HttpDatagramPayload = rented.AsSpan(0, length) });
        ArrayPool<byte>.Shared.Return(rented);
        return queued;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _queue.Dispose();
        _early.Dispose();
    }

    private const int MaxRangeLength = 1 + 16 + 16 + 1;

    private void SendAssigned(ReadOnlySpan<byte> entries)
    {
        _policy.SetAssignedToPeer(_addresses.AssignedToPeer);
        WireList<AssignedAddress>.TryParse(entries, out WireList<AssignedAddress> list);
        Send(new AddressAssignCapsule { AssignedAddresses = list });
    }

    /// <summary>Queues a capsule of control. A peer that lets so many pile up does not read its stream, and the session is over.</summary>
    private void Send<T>(scoped in T capsule)
        where T : IWireFormat<T>, allows ref struct
    {
        if (Failure is null && !_queue.TryAdd(capsule)) Failure = Http3ErrorCode.ExcessiveLoad;
    }
}
