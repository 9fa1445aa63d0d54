using System.Buffers.Binary;

namespace Vpr.Masque;

/// <summary>A client's static X25519 public key: who a lease belongs to.</summary>
/// <remarks>Public, so it may be shown and compared without care.</remarks>
public readonly record struct PeerKey
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>From 32 bytes.</summary>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public PeerKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException("A peer key has 32 bytes.", nameof(key));
        _high = BinaryPrimitives.ReadUInt128BigEndian(key);
        _low = BinaryPrimitives.ReadUInt128BigEndian(key[16..]);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>A number that is the same for the same key in every process, spread over 64 bits.</summary>
    /// <remarks>Public keys are points that no client can choose bit by bit, so mixing need not resist an attacker.</remarks>
    internal ulong Spread()
    {
        ulong mixed = (ulong)(_high >> 64) ^ ulong.RotateLeft((ulong)_high, 17) ^ ulong.RotateLeft((ulong)(_low >> 64), 31) ^ ulong.RotateLeft((ulong)_low, 47);
        mixed = (mixed ^ mixed >> 33) * 0xff51afd7ed558ccd;
        mixed = (mixed ^ mixed >> 33) * 0xc4ceb9fe1a85ec53;
        return mixed ^ mixed >> 33;
    }

    /// <summary>The key in base64, as configuration files hold it.</summary>
    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[Length];
        CopyTo(octets);
        return Convert.ToBase64String(octets);
    }
}
