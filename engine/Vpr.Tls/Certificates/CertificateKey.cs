using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>What kind of public key a certificate holds, as far as signature schemes go.</summary>
internal enum CertificateKeyKind
{
    Unsupported,
    EcdsaP256,
    EcdsaP384,
    Rsa,
    Ed25519,
}

/// <summary>The public key of a certificate: its kind, the schemes it can sign with, and the check of a signature.</summary>
/// <remarks>RFC 8446 §4.2.3, §4.4.3</remarks>
internal static class CertificateKey
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";

    // Smaller keys are weak; larger ones make the check slow enough to hurt.
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    // DER of the curves' object identifiers, as they stand in the algorithm's parameters.
    private static ReadOnlySpan<byte> P256Parameters => [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    private static ReadOnlySpan<byte> P384Parameters => [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];

    /// <summary>The kind of <paramref name="certificate"/>'s key.</summary>
    public static CertificateKeyKind KindOf(X509Certificate2 certificate)
    {
        PublicKey key = certificate.PublicKey;
        switch (key.Oid.Value)
        {
            case EcPublicKey:
                ReadOnlySpan<byte> curve = key.EncodedParameters?.RawData;
                return curve.SequenceEqual(P256Parameters) ? CertificateKeyKind.EcdsaP256
                    : curve.SequenceEqual(P384Parameters) ? CertificateKeyKind.EcdsaP384
                    : CertificateKeyKind.Unsupported;
            case RsaEncryption:
                return CertificateKeyKind.Rsa;
            case Ed25519Oid:
                return CertificateKeyKind.Ed25519;
            default:
                return CertificateKeyKind.Unsupported;
        }
    }

    /// <summary>The schemes a key of <paramref name="kind"/> can sign a CertificateVerify with, preferred first.</summary>
    public static ReadOnlySpan<SignatureScheme> SchemesOf(CertificateKeyKind kind) => kind switch
    {
        CertificateKeyKind.EcdsaP256 => [SignatureScheme.EcdsaSecp256r1Sha256],
        CertificateKeyKind.EcdsaP384 => [SignatureScheme.EcdsaSecp384r1Sha384],
        CertificateKeyKind.Rsa => [SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512],
        CertificateKeyKind.Ed25519 => [SignatureScheme.Ed25519],
        _ => [],
    };

    /// <summary>Whether a key of <paramref name="kind"/> can sign under <paramref name="scheme"/>.</summary>
    public static bool CanSign(CertificateKeyKind kind, SignatureScheme scheme)
    {
        foreach (SignatureScheme candidate in SchemesOf(kind))
        {
            if (candidate == scheme) return true;
        }

        return false;
    }

    /// <summary>The hash that <paramref name="scheme"/> signs; not asked for Ed25519, which hashes itself.</summary>
    public static HashAlgorithmName HashOf(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.RsaPssRsaeSha256 => HashAlgorithmName.SHA256,
        SignatureScheme.EcdsaSecp384r1Sha384 or SignatureScheme.RsaPssRsaeSha384 => HashAlgorithmName.SHA384,
        SignatureScheme.RsaPssRsaeSha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(scheme)),
    };

    /// <summary>Whether <paramref name="signature"/> is <paramref name="certificate"/>'s over <paramref name="input"/> under <paramref name="scheme"/>.</summary>
    /// <param name="certificate">The signer's certificate.</param>
    /// <param name="scheme">The scheme the signer named, already known to fit the key's kind.</param>
    /// <param name="input">What was signed.</param>
    /// <param name="signature">The peer's bytes, unchecked.</param>
    /// <exception cref="CryptographicException">The key cannot be read.</exception>
    public static bool Verify(X509Certificate2 certificate, SignatureScheme scheme, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        switch (scheme)
        {
            case SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.EcdsaSecp384r1Sha384:
                using (ECDsa? ecdsa = certificate.GetECDsaPublicKey())
                    return ecdsa is not null && ecdsa.VerifyData(input, signature, HashOf(scheme), DSASignatureFormat.Rfc3279DerSequence);
            case SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512:
                using (RSA? rsa = certificate.GetRSAPublicKey())
                    return rsa is not null
                        && rsa.KeySize is >= MinRsaBits and <= MaxRsaBits
                        && rsa.VerifyData(input, signature, HashOf(scheme), RSASignaturePadding.Pss);
            case SignatureScheme.Ed25519:
                return Ed25519.Verify(certificate.PublicKey.EncodedKeyValue.RawData, input, signature);
            default:
                return false;
        }
    }
}
