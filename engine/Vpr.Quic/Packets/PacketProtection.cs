using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Tls;
using Vpr.Wire.Tls;

namespace Vpr.Quic;

/// <summary>Packet and header protection of one direction at one encryption level.</summary>
/// <remarks>RFC 9001 §5. The header key stays when the packet key is updated (§6).</remarks>
internal sealed class PacketProtection : IDisposable
{
    /// <summary>Where a header protection sample begins, counted from the packet number.</summary>
    public const int SampleOffset = PacketNumber.MaxLength;

    /// <summary>The fewest bytes from the packet number to the packet's end that can be unprotected.</summary>
    public const int MinProtectedLength = SampleOffset + SampleLength;

    /// <summary>Bytes for each packet of <see cref="MaskTogether"/>.</summary>
    public const int SampleLength = HeaderProtection.SampleLength;

    private const byte LongHeaderForm = 0x80;
    private const byte LongHeaderMask = 0x0f;
    private const byte ShortHeaderMask = 0x1f;

    private readonly HeaderProtection _header;

    private PacketProtection(PacketKey key, HeaderProtection header)
    {
        Key = key;
        _header = header;
    }

    /// <summary>The packet key, for the levels whose keys are never updated.</summary>
    public PacketKey Key { get; }

    /// <summary>Derives the keys of a traffic secret.</summary>
    public static PacketProtection Derive(CipherSuite suite, ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[suite.Aead().KeyLength()];
        Hkdf.ExpandLabel(suite.Hash(), secret, "quic hp"u8, [], key);
        HeaderProtection header = HeaderProtection.Create(suite.Aead(), key);
        CryptographicOperations.ZeroMemory(key);
        return new PacketProtection(PacketKey.Derive(suite, secret), header);
    }

    /// <summary>Encrypts a packet where it lies and masks its header.</summary>
    /// <param name="packet">Header, packet number, payload and 16 free bytes.</param>
    /// <param name="numberOffset">Where the packet number begins.</param>
    /// <param name="numberLength">Its bytes, 1 to 4; with the payload at least 4.</param>
    /// <param name="number">The full packet number.</param>
    /// <param name="key">The packet key; <see cref="Key"/> where none is updated.</param>
    public void Protect(Span<byte> packet, int numberOffset, int numberLength, ulong number, PacketKey key)
    {
        int headerLength = numberOffset + numberLength;
        int tag = packet.Length - PacketKey.TagLength;
        key.Seal(number, packet[..headerLength], packet[headerLength..tag], packet[tag..]);

        // No `stackalloc`; see AeadNonce.
        ulong room = 0;
        Span<byte> mask = MemoryMarshal.AsBytes(new Span<ulong>(ref room))[..HeaderProtection.MaskLength];
        _header.Mask(packet.Slice(numberOffset + SampleOffset, SampleLength), mask);
        packet[0] ^= (byte)(mask[0] & MaskOfFirstByte(packet[0]));
        MaskNumber(mask, packet[numberOffset..], numberLength);
    }

    /// <summary>Removes header protection where the packet lies.</summary>
    /// <param name="packet">The packet, with at least <see cref="MinProtectedLength"/> bytes from <paramref name="numberOffset"/> on.</param>
    /// <param name="numberOffset">Where the packet number begins.</param>
    /// <param name="numberLength">Bytes of the packet number.</param>
    /// <returns>The packet number as it is on the wire.</returns>
    public uint Unmask(Span<byte> packet, int numberOffset, out int numberLength)
    {
        ulong room = 0;
        Span<byte> mask = MemoryMarshal.AsBytes(new Span<ulong>(ref room))[..HeaderProtection.MaskLength];
        _header.Mask(packet.Slice(numberOffset + SampleOffset, SampleLength), mask);
        return UnmaskBy(mask, packet, numberOffset, out numberLength);
    }

    /// <summary>Makes the masks of several packets; see <see cref="HeaderProtection.MaskBatch"/>.</summary>
    /// <param name="samples">Their samples, each <see cref="SampleLength"/> bytes, which begin with the masks afterwards.</param>
    public void MaskTogether(Span<byte> samples) => _header.MaskBatch(samples);

    /// <summary>As <see cref="Unmask"/>, with a mask that <see cref="MaskTogether"/> made.</summary>
    public static uint UnmaskBy(ReadOnlySpan<byte> mask, Span<byte> packet, int numberOffset, out int numberLength)
    {
        packet[0] ^= (byte)(mask[0] & MaskOfFirstByte(packet[0]));
        numberLength = (packet[0] & 0x03) + 1;
        return MaskNumber(mask, packet[numberOffset..], numberLength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Key.Dispose();
        _header.Dispose();
    }

    // §5.4.1. All bytes that a number may have are read and written at once; those behind a shorter one stay what they are.
    private static uint MaskNumber(ReadOnlySpan<byte> mask, Span<byte> number, int length)
    {
        int behind = 8 * (PacketNumber.MaxLength - length);
        uint bits = BinaryPrimitives.ReverseEndianness(BinaryPrimitives.ReadUInt32LittleEndian(mask) >> 8 | (uint)mask[4] << 24);
        uint masked = BinaryPrimitives.ReadUInt32BigEndian(number) ^ (bits >> behind << behind);
        BinaryPrimitives.WriteUInt32BigEndian(number, masked);
        return masked >> behind;
    }

    private static byte MaskOfFirstByte(byte first) => (first & LongHeaderForm) != 0 ? LongHeaderMask : ShortHeaderMask;
}
