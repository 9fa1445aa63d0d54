using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Crypto;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The private key of a server certificate.</summary>
/// <remarks>RFC 8446 §4.4.3. One signer serves all loops; the framework's keys are not made for two threads at once, so it locks.</remarks>
internal abstract class CertificateSigner
{
    private readonly Lock _lock = new();

    /// <summary>The signer for a certificate that carries its private key.</summary>
    /// <exception cref="ArgumentException">There is no private key, or of a kind that is not supported.</exception>
    public static CertificateSigner Create(X509Certificate2 certificate)
    {
        if (!certificate.HasPrivateKey) throw new ArgumentException("A server certificate needs its private key.", nameof(certificate));
        return CertificateKey.KindOf(certificate) switch
        {
            CertificateKeyKind.EcdsaP256 or CertificateKeyKind.EcdsaP384 => new EcdsaSigner(certificate.GetECDsaPrivateKey()!),
            CertificateKeyKind.Rsa => new RsaSigner(certificate.GetRSAPrivateKey()!),
            _ => throw new ArgumentException("A server certificate needs an ECDSA key on P-256 or P-384, an RSA key or an Ed25519 key.", nameof(certificate)),
        };
    }

    /// <summary>Signs <paramref name="input"/> under <paramref name="scheme"/>, which fits the key.</summary>
    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> input)
    {
        lock (_lock) return SignCore(scheme, input);
    }

    private protected abstract byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> input);

    private sealed class EcdsaSigner(ECDsa key) : CertificateSigner
    {
        private protected override byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> input)
        {
            Span<byte> digest = stackalloc byte[SHA384.HashSizeInBytes];
            digest = digest[..CryptographicOperations.HashData(CertificateKey.HashOf(scheme), input, digest)];
            return key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    private sealed class RsaSigner(RSA key) : CertificateSigner
    {
        private protected override byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> input)
        {
            byte[] signature = new byte[(key.KeySize + 7) / 8];
            key.SignData(input, signature, CertificateKey.HashOf(scheme), RSASignaturePadding.Pss);
            return signature;
        }
    }

    /// <summary>An Ed25519 key, which the framework's certificates cannot carry.</summary>
    internal sealed class Ed25519Signer(Ed25519PrivateKey key) : CertificateSigner
    {
        private protected override byte[] SignCore(SignatureScheme scheme, ReadOnlySpan<byte> input)
        {
            byte[] signature = new byte[Ed25519.SignatureLength];
            key.Sign(input, signature);
            return signature;
        }
    }
}
