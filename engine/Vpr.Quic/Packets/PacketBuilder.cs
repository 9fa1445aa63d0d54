using System.Buffers.Binary;
using Vpr.Wire;
using Vpr.Wire.Quic;

namespace Vpr.Quic;

/// <summary>A packet while it is written where it will be sent from: header first, then frames, and protection at the end.</summary>
/// <remarks>RFC 9000 §17.2, §17.3. A value: the span of the datagram outlives it, and a packet that got no frame is simply dropped.</remarks>
internal ref struct PacketBuilder
{
    private const byte LongForm = 0x80;
    private const byte FixedBit = 0x40;
    private const int LengthFieldLength = 2;

    // A length field of two bytes says at most this.
    private const int MaxLengthField = 0x3fff;

    private readonly Span<byte> _datagram;
    private readonly int _start;
    private readonly int _limit;
    private readonly int _numberOffset;
    private readonly int _numberLength;
    private int _position;

    private PacketBuilder(Span<byte> datagram, int start, int limit, PacketSpace space, int numberOffset, int numberLength)
    {
        _datagram = datagram;
        _start = start;
        _limit = Math.Min(limit, start + MaxLengthField) - PacketKey.TagLength;
        Space = space;
        Number = space.NextNumber;
        _numberOffset = numberOffset;
        _numberLength = numberLength;
        _position = numberOffset + numberLength;
        PacketNumber.Write(datagram[numberOffset..], Number, numberLength);
        FramesStart = _position;
    }

    /// <summary>The space whose keys protect it; null in a builder that was never begun.</summary>
    public PacketSpace? Space { get; }

    /// <summary>Its full packet number.</summary>
    public ulong Number { get; }

    /// <summary>Whether the peer must acknowledge it.</summary>
    public bool IsAckEliciting { get; set; }

    /// <summary>Whether it holds PADDING.</summary>
    public bool IsPadded { get; private set; }

    /// <summary>Whether no frame was written.</summary>
    public readonly bool IsEmpty => _position == FramesStart;

    /// <summary>Bytes left for frames.</summary>
    public readonly int Room => _limit - _position;

    /// <summary>Where the packet would end now, in bytes from the datagram's start.</summary>
    public readonly int End => Math.Max(_position, MinPosition) + PacketKey.TagLength;

    private int FramesStart { get; }

    // A header protection sample must exist: packet number and payload together have 4 bytes at least.
    private readonly int MinPosition => _numberOffset + PacketNumber.MaxLength;

    /// <summary>Begins a long-header packet at <paramref name="start"/>.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="start">Where the packet begins.</param>
    /// <param name="limit">Where it must end.</param>
    /// <param name="space">Initial or Handshake, with keys.</param>
    /// <param name="destination">The peer's connection ID.</param>
    /// <param name="source">Ours.</param>
    /// <param name="token">The token of an Initial; otherwise empty.</param>
    /// <param name="fixedBit">The QUIC bit, true unless greased.</param>
    /// <param name="packet">The builder.</param>
    /// <returns>False when there is no room for header and a few bytes of frames.</returns>
    public static bool TryBeginLong(
        Span<byte> datagram, int start, int limit, PacketSpace space, ConnectionId destination, ConnectionId source,
        ReadOnlySpan<byte> token, bool fixedBit, out PacketBuilder packet)
    {
        packet = default;
        bool isInitial = space.Number == Recovery.PacketNumberSpace.Initial;
        int numberLength = PacketNumber.EncodedLength(space.NextNumber, space.LargestAcknowledged);
        int tokenLength = isInitial ? VarInt.Length((ulong)token.Length) + token.Length : 0;
        int header = 1 + sizeof(uint) + 1 + destination.Length + 1 + source.Length + tokenLength + LengthFieldLength;
        if (start + header + PacketProtection.MinProtectedLength + MinFrames > limit) return false;

        LongPacketType type = isInitial ? LongPacketType.Initial : LongPacketType.Handshake;
        Span<byte> at = datagram[start..];
        at[0] = (byte)(LongForm | (fixedBit ? FixedBit : 0) | (byte)type << 4 | (numberLength - 1));
        BinaryPrimitives.WriteUInt32BigEndian(at[1..], QuicVersion.Version1);
        int position = 5;
        at[position++] = (byte)destination.Length;
        position += destination.CopyTo(at[position..]);
        at[position++] = (byte)source.Length;
        position += source.CopyTo(at[position..]);
        if (isInitial)
        {
            position += VarInt.Write(at[position..], (ulong)token.Length);
            token.CopyTo(at[position..]);
            position += token.Length;
        }

        packet = new PacketBuilder(datagram, start, limit, space, start + position + LengthFieldLength, numberLength);
        return true;
    }

    /// <summary>Begins a 1-RTT packet at <paramref name="start"/>.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="start">Where the packet begins.</param>
    /// <param name="limit">Where it must end.</param>
    /// <param name="space">The Application space, with keys.</param>
    /// <param name="destination">The peer's connection ID.</param>
    /// <param name="fixedBit">The QUIC bit, true unless greased.</param>
    /// <param name="spinBit">The spin bit.</param>
    /// <param name="packet">The builder.</param>
    /// <returns>False when there is no room for header and a few bytes of frames.</returns>
    public static bool TryBeginShort(
        Span<byte> datagram, int start, int limit, PacketSpace space, ConnectionId destination, bool fixedBit, bool spinBit, out PacketBuilder packet)
    {
        packet = default;
        int numberLength = PacketNumber.EncodedLength(space.NextNumber, space.LargestAcknowledged);
        if (start + 1 + destination.Length + PacketProtection.MinProtectedLength + MinFrames > limit) return false;
        WriteShortHeader(datagram[start..], space, destination, numberLength, fixedBit, spinBit);
        packet = new PacketBuilder(datagram, start, limit, space, start + 1 + destination.Length, numberLength);
        return true;
    }

    /// <summary>Writes a 1-RTT header up to its packet number.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="space">The Application space, whose key phase is shown.</param>
    /// <param name="id">The peer's connection ID.</param>
    /// <param name="numberLength">Bytes of the packet number, 1 to 4.</param>
    /// <param name="fixedBit">The QUIC bit.</param>
    /// <param name="spinBit">The spin bit.</param>
    public static void WriteShortHeader(Span<byte> destination, PacketSpace space, ConnectionId id, int numberLength, bool fixedBit, bool spinBit)
    {
        int first = new ShortHeader(0, fixedBit, spinBit, 0, space.KeyPhase!.Bit, (byte)(numberLength - 1)).Write(destination);
        id.CopyTo(destination[first..]);
    }

    /// <summary>Writes a frame if it fits.</summary>
    public bool TryWrite<T>(scoped in T frame)
        where T : IWireFormat<T>, allows ref struct
    {
        if (frame.EncodedLength > Room) return false;
        _position += frame.Write(_datagram[_position..]);
        return true;
    }

    /// <summary>Where the next frame goes; at most <see cref="Room"/> bytes.</summary>
    public readonly Span<byte> Free => _datagram[_position.._limit];

    /// <summary>Counts <paramref name="count"/> bytes that were written to <see cref="Free"/>.</summary>
    public void Advance(int count) => _position += count;

    /// <summary>Adds PADDING until the packet would end at <paramref name="end"/>, as far as there is room.</summary>
    public void PadTo(int end)
    {
        int target = Math.Min(end - PacketKey.TagLength, _limit);
        if (target <= _position) return;
        _datagram[_position..target].Clear();
        _position = target;
        IsPadded = true;
    }

    /// <summary>Completes the header and protects the packet.</summary>
    /// <returns>The packet's length in bytes.</returns>
    public int Finish()
    {
        // PADDING for the sample, never enough to matter to congestion control.
        if (_position < MinPosition) PadTo(MinPosition + PacketKey.TagLength);
        int end = _position + PacketKey.TagLength;
        Span<byte> packet = _datagram[_start..end];
        int numberOffset = _numberOffset - _start;
        Space!.NextNumber = Number + 1;
        if (Space.KeyPhase is { } phase)
        {
            phase.Protect(packet, numberOffset, _numberLength, Number);
            return packet.Length;
        }

        VarInt.Write(packet[(numberOffset - LengthFieldLength)..], (ulong)(end - _numberOffset), LengthFieldLength);
        PacketProtection write = Space.Write!;
        write.Protect(packet, numberOffset, _numberLength, Number, write.Key);
        return packet.Length;
    }

    // Less than this is not worth a packet.
    private const int MinFrames = 16;
}
