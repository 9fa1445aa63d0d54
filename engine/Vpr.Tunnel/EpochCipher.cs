using System.Buffers.Binary;
using Vpr.Noise;

namespace Vpr.Tunnel;

/// <summary>The end-to-end layer under the keys of one epoch: inner packets sealed and opened where they lie.</summary>
/// <remarks>
/// docs/architecture.md, "End-to-end layer". A sealed packet is a header of 8 bytes (epoch and counter, see
/// <c>NoiseTransportDatagram</c> in Vpr.Wire), the ciphertext and a tag; the header is associated data. Packets may be lost,
/// repeated and reordered (Noise revision 34 §11.4). Owns its keys; one thread at a time; allocates nothing after its creation.
/// </remarks>
internal sealed class EpochCipher : IDisposable
{
    /// <summary>Bytes in front of the ciphertext.</summary>
    public const int HeaderLength = 8;

    /// <summary>Bytes that sealing adds to a packet, header and tag.</summary>
    public const int Overhead = HeaderLength + CipherState.TagLength;

    private const ulong MaxCounter = (1UL << 56) - 1;

    private readonly CipherState _send;
    private readonly CipherState _receive;
    private readonly ReplayWindow _replay = new();
    private ulong _next;

    /// <summary>A cipher of the keys that a handshake gave.</summary>
    /// <param name="epoch">The epoch's number on the wire.</param>
    /// <param name="send">Seals; owned from now on.</param>
    /// <param name="receive">Opens; owned from now on.</param>
    public EpochCipher(byte epoch, CipherState send, CipherState receive)
    {
        Epoch = epoch;
        _send = send;
        _receive = receive;
    }

    /// <summary>The epoch's number on the wire.</summary>
    public byte Epoch { get; }

    /// <summary>Seals a packet in place.</summary>
    /// <param name="buffer">8 bytes of room, the packet, 16 bytes of room; all of it is the sealed packet afterwards.</param>
    /// <returns>False when this epoch has no counter left.</returns>
    public bool TrySeal(Span<byte> buffer)
    {
        if (_next > MaxCounter) return false;
        Span<byte> header = buffer[..HeaderLength];
        BinaryPrimitives.WriteUInt64BigEndian(header, ((ulong)Epoch << 56) | _next);
        _send.Seal(_next, header, buffer[HeaderLength..^CipherState.TagLength], buffer[^CipherState.TagLength..]);
        _next++;
        return true;
    }

    /// <summary>Opens a sealed packet in place.</summary>
    /// <param name="sealedPacket">The whole payload of a datagram, of any length and content.</param>
    /// <param name="packet">The inner packet, a part of <paramref name="sealedPacket"/>.</param>
    /// <returns>False when it is of another epoch, forged, seen before, or too old.</returns>
    public bool TryOpen(Span<byte> sealedPacket, out Span<byte> packet)
    {
        packet = default;
        if (sealedPacket.Length < Overhead) return false;
        ulong word = BinaryPrimitives.ReadUInt64BigEndian(sealedPacket);
        ulong counter = word & MaxCounter;
        if ((byte)(word >> 56) != Epoch || !_replay.IsFresh(counter)) return false;

        Span<byte> text = sealedPacket[HeaderLength..^CipherState.TagLength];
        if (!_receive.Open(counter, sealedPacket[..HeaderLength], text, sealedPacket[^CipherState.TagLength..])) return false;
        _replay.Mark(counter);
        packet = text;
        return true;
    }

    /// <summary>Erases both keys.</summary>
    public void Dispose()
    {
        _send.Dispose();
        _receive.Dispose();
    }
}
