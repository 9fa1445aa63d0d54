using System.Security.Cryptography;
using Vpr.Io;

namespace Vpr.Crypto;

/// <summary>One side of an ECDH key agreement on P-256 (secp256r1).</summary>
/// <remarks>RFC 8446 §4.2.8.2, §7.4.2; FIPS 186-4 §B.4.2 for the choice of the private scalar.</remarks>
public sealed class P256KeyAgreement : IDisposable
{
    /// <summary>Bytes of a public key: 4, then x and y.</summary>
    public const int PublicKeyLength = 65;

    /// <summary>Bytes of a private scalar and of a shared secret, which is the x coordinate.</summary>
    public const int SecretLength = 32;

    private const int CoordinateLength = 32;
    private const byte UncompressedPoint = 4;

    private readonly ECDiffieHellman _key;
    private readonly byte[] _publicKey = new byte[PublicKeyLength];

    private P256KeyAgreement(ECDiffieHellman key)
    {
        _key = key;
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        _publicKey[0] = UncompressedPoint;
        point.X!.CopyTo(_publicKey, 1);
        point.Y!.CopyTo(_publicKey, 1 + CoordinateLength);
    }

    /// <summary>The public key as an uncompressed point, 65 bytes, valid as long as this object.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    // The order n of the group (FIPS 186-4 §D.1.2.3).
    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    /// <summary>A new key whose scalar comes from secret bytes of <paramref name="random"/>; candidates out of range are drawn again.</summary>
    public static P256KeyAgreement Generate(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        byte[] scalar = GC.AllocateArray<byte>(SecretLength, pinned: true);
        try
        {
            do
            {
                random.FillSecret(scalar);
            }
            while (!IsScalar(scalar)); // fails about once in 2^32 draws

            return ImportCore(scalar);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>The key of a private scalar of 32 bytes, most significant first.</summary>
    /// <exception cref="ArgumentException">The scalar is not 32 bytes, zero, or not below the order of the group.</exception>
    public static P256KeyAgreement Import(ReadOnlySpan<byte> scalar)
    {
        Throw.IfLengthIsNot(SecretLength, scalar);
        if (!IsScalar(scalar)) throw new ArgumentException("The scalar is out of range.", nameof(scalar));

        byte[] copy = GC.AllocateArray<byte>(SecretLength, pinned: true);
        try
        {
            scalar.CopyTo(copy);
            return ImportCore(copy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    /// <summary>Computes the secret shared with the owner of <paramref name="peerPublicKey"/>.</summary>
    /// <param name="peerPublicKey">The peer's bytes, of any length and content.</param>
    /// <param name="secret">Receives 32 bytes; cleared when false is returned.</param>
    /// <returns>False when the peer's bytes are not an uncompressed point of the curve.</returns>
    public bool Agree(ReadOnlySpan<byte> peerPublicKey, Span<byte> secret)
    {
        Throw.IfLengthIsNot(SecretLength, secret);
        secret.Clear();
        if (peerPublicKey.Length != PublicKeyLength || peerPublicKey[0] != UncompressedPoint) return false;

        try
        {
            using ECDiffieHellman peer = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = peerPublicKey.Slice(1, CoordinateLength).ToArray(),
                    Y = peerPublicKey.Slice(1 + CoordinateLength, CoordinateLength).ToArray(),
                },
            });
            using ECDiffieHellmanPublicKey peerKey = peer.PublicKey;
            byte[] derived = _key.DeriveRawSecretAgreement(peerKey);
            derived.CopyTo(secret);
            CryptographicOperations.ZeroMemory(derived);
            return true;
        }
        catch (CryptographicException)
        {
            return false; // the framework's way of saying that the point is not on the curve
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static P256KeyAgreement ImportCore(byte[] scalar) =>
        new(ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar }));

    // 1 ≤ scalar < n, without a branch on the scalar's bytes.
    private static bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        int borrow = 0, union = 0;
        for (int i = SecretLength - 1; i >= 0; i--)
        {
            borrow = (scalar[i] - Order[i] - borrow) >> 31 & 1;
            union |= scalar[i];
        }

        return (borrow & ((union - 1) >> 31 & 1 ^ 1)) == 1;
    }
}
