using Vpr.Io;
using Vpr.Wire;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>Answers that need no connection: Version Negotiation, Retry, stateless reset, and a refusal.</summary>
/// <remarks>
/// RFC 9000 §6.1, §8.1.2, §10.3, §10.2.3. They wait in a ring of fixed size; when it is full the next ones are not sent, which is what an
/// endpoint under attack owes to strangers. No answer is larger than what it answers.
/// </remarks>
internal sealed class StatelessReplies(IRandomSource random)
{
    private const int Capacity = 64;

    // A Version Negotiation packet with two connection IDs of 255 bytes (RFC 8999) is the longest.
    private const int MaxLength = 1 + 4 + 256 + 256 + 8;

    // RFC 9000 §10.3: fixed-looking, but no longer than common short packets, and always shorter than the cause.
    private const int MinReset = 21;
    private const int MaxReset = 42;

    private const byte LongForm = 0x80;
    private const byte FixedBit = 0x40;

    private readonly byte[] _buffer = new byte[Capacity * MaxLength];
    private readonly int[] _lengths = new int[Capacity];
    private readonly DatagramPath[] _paths = new DatagramPath[Capacity];
    private int _head;
    private int _count;

    /// <summary>Whether any waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Takes the oldest reply.</summary>
    /// <param name="destination">Where it goes, 1200 bytes or more.</param>
    /// <param name="length">Its length.</param>
    /// <param name="path">Where to send it.</param>
    public bool TryTake(Span<byte> destination, out int length, out DatagramPath path)
    {
        (length, path) = (0, default);
        if (_count == 0) return false;
        length = _lengths[_head];
        path = _paths[_head];
        _buffer.AsSpan(_head * MaxLength, length).CopyTo(destination);
        _head = (_head + 1) % Capacity;
        _count--;
        return true;
    }

    /// <summary>Names the versions we speak, and one that nobody does.</summary>
    public void AddVersionNegotiation(in DatagramPath path, in InvariantLongHeader cause)
    {
        if (!TryAdd(path, out Span<byte> slot)) return;
        Span<byte> bits = stackalloc byte[1 + sizeof(uint)];
        random.FillPublic(bits);
        WireWriter writer = new(slot);
        // §17.2.1: the bit that is fixed in version 1 is set, so that the packet is not taken for another protocol.
        writer.WriteUInt8((byte)(LongForm | FixedBit | bits[0]));
        writer.WriteUInt32(QuicVersion.Negotiation);
        writer.WritePrefixed(Prefix.UInt8, cause.SourceConnectionId);
        writer.WritePrefixed(Prefix.UInt8, cause.DestinationConnectionId);
        writer.WriteUInt32(QuicVersion.Reserved(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bits[1..])));
        writer.WriteUInt32(QuicVersion.Version1);
        Commit(writer.Length);
    }

    /// <summary>Asks a client to come back with a token.</summary>
    /// <param name="path">Where from and to.</param>
    /// <param name="client">The client's Source Connection ID.</param>
    /// <param name="source">The ID that the client must use from now on.</param>
    /// <param name="original">The Destination Connection ID of its Initial.</param>
    /// <param name="token">The token.</param>
    /// <param name="integrity">Makes the tag.</param>
    public void AddRetry(
        in DatagramPath path, ConnectionId client, ConnectionId source, ConnectionId original, ReadOnlySpan<byte> token, RetryIntegrity integrity)
    {
        if (!TryAdd(path, out Span<byte> slot)) return;
        Span<byte> ids = stackalloc byte[ConnectionId.MaxLength * 2];
        Span<byte> tokenAndTag = stackalloc byte[AddressTokens.MaxLength + RetryIntegrity.TagLength];
        token.CopyTo(tokenAndTag);
        tokenAndTag = tokenAndTag[..(token.Length + RetryIntegrity.TagLength)];
        RetryPacket packet = new()
        {
            FixedBit = true,
            Unused = 0,
            Version = QuicVersion.Version1,
            DestinationConnectionId = ids[..client.CopyTo(ids)],
            SourceConnectionId = ids.Slice(ConnectionId.MaxLength, source.CopyTo(ids[ConnectionId.MaxLength..])),
            TokenAndTag = tokenAndTag,
        };
        int length = packet.Write(slot);
        integrity.Compute(original, slot[..(length - RetryIntegrity.TagLength)], slot[(length - RetryIntegrity.TagLength)..length]);
        Commit(length);
    }

    /// <summary>Tells a peer that its connection is not known here any more.</summary>
    /// <param name="path">Where from and to.</param>
    /// <param name="causeLength">Bytes of the datagram that could not be routed.</param>
    /// <param name="token">The token of its connection ID.</param>
    public void AddReset(in DatagramPath path, int causeLength, StatelessResetToken token)
    {
        int length = Math.Min(MaxReset, causeLength - 1);
        if (length < MinReset || !TryAdd(path, out Span<byte> slot)) return;
        random.FillPublic(slot[..length]);
        slot[0] = (byte)((slot[0] & ~LongForm) | FixedBit);
        token.CopyTo(slot[(length - StatelessResetToken.Length)..]);
        Commit(length);
    }

    /// <summary>Refuses a connection with an Initial packet that closes it.</summary>
    /// <param name="path">Where from and to.</param>
    /// <param name="clientDestination">The Destination Connection ID of the client's Initial, which gives the keys and our source.</param>
    /// <param name="client">The client's Source Connection ID.</param>
    /// <param name="code">Why.</param>
    public void AddClose(in DatagramPath path, ConnectionId clientDestination, ConnectionId client, TransportErrorCode code)
    {
        if (!TryAdd(path, out Span<byte> slot)) return;
        InitialSecrets.Derive(clientDestination, isClient: false, out PacketProtection read, out PacketProtection write);
        read.Dispose();
        using PacketSpace space = new(Recovery.PacketNumberSpace.Initial, new AckGenerator(TimeSpan.Zero, 1), new Streams.ChunkPool(0));
        space.Install(null, write);
        if (!PacketBuilder.TryBeginLong(slot, 0, slot.Length, space, client, clientDestination, [], fixedBit: true, out PacketBuilder packet)) return;
        packet.TryWrite(new ConnectionCloseFrame { IsApplication = false, ErrorCode = (ulong)code, FrameType = 0, ReasonPhrase = [] });
        Commit(packet.Finish());
    }

    private bool TryAdd(in DatagramPath path, out Span<byte> slot)
    {
        slot = default;
        if (_count == Capacity) return false;
        int index = (_head + _count) % Capacity;
        slot = _buffer.AsSpan(index * MaxLength, MaxLength);
        _paths[index] = path;
        return true;
    }

    private void Commit(int length)
    {
        _lengths[(_head + _count) % Capacity] = length;
        _count++;
    }
}
