using Vpr.Io;

namespace Vpr.Tls;

/// <summary>The values one ClientHello reserves to keep servers tolerant, drawn once and repeated after a HelloRetryRequest.</summary>
/// <remarks>RFC 8701 §2, §3.1</remarks>
internal readonly struct Grease
{
    private Grease(ushort suite, ushort group, ushort version, ushort firstExtension, ushort lastExtension)
    {
        CipherSuite = suite;
        Group = group;
        Version = version;
        FirstExtension = firstExtension;
        LastExtension = lastExtension;
    }

    public ushort CipherSuite { get; }

    public ushort Group { get; }

    public ushort Version { get; }

    public ushort FirstExtension { get; }

    /// <summary>Never the same as <see cref="FirstExtension"/>.</summary>
    public ushort LastExtension { get; }

    public static Grease Draw(IRandomSource random)
    {
        Span<byte> nibbles = stackalloc byte[5];
        random.FillPublic(nibbles);
        ushort first = Value(nibbles[3]), last = Value(nibbles[4]);
        if (first == last) last ^= 0x1010;
        return new Grease(Value(nibbles[0]), Value(nibbles[1]), Value(nibbles[2]), first, last);
    }

    /// <summary>Whether <paramref name="value"/> is one of the sixteen reserved ones.</summary>
    public static bool IsReserved(ushort value) => (value & 0x0F0F) == 0x0A0A && value >> 8 == (value & 0xFF);

    private static ushort Value(byte drawn) => (ushort)((((drawn & 0xF) << 4) | 0xA) * 0x0101);
}
