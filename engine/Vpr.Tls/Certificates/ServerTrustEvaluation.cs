using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vpr.Tls;

/// <summary>The check of a server's chain against a <see cref="ServerTrust"/>.</summary>
/// <remarks>RFC 8446 §4.4.2.4, RFC 5280 §6, RFC 9525 §6. The platform builds the path; this decides what to ask it and names what it found.</remarks>
internal static class ServerTrustEvaluation
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Checks the chain.</summary>
    /// <param name="trust">Whom to believe.</param>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="intermediates">The other certificates it sent, in any order.</param>
    /// <param name="serverName">The DNS name or IP address that was asked for.</param>
    /// <param name="verificationTime">When the chain must be valid.</param>
    /// <exception cref="CryptographicException">A certificate cannot be read as far as needed.</exception>
    public static CertificateFailure Evaluate(ServerTrust trust, X509Certificate2 leaf, X509Certificate2Collection intermediates, string serverName, DateTimeOffset verificationTime)
    {
        if (!MayAuthenticateServers(leaf)) return CertificateFailure.NotForServers;
        if (trust is ServerTrust.Pin pin)
        {
            return CryptographicOperations.FixedTimeEquals(ServerTrust.PinOf(leaf), pin.SpkiSha256)
                ? Validity(leaf, verificationTime)
                : CertificateFailure.PinMismatch;
        }

        CertificateFailure failure = BuildPath((ServerTrust.Roots)trust, leaf, intermediates, verificationTime);
        if (failure != CertificateFailure.None) return failure;
        return leaf.MatchesHostname(serverName, allowWildcards: true, allowCommonName: false)
            ? CertificateFailure.None
            : CertificateFailure.NameMismatch;
    }

    private static CertificateFailure BuildPath(ServerTrust.Roots trust, X509Certificate2 leaf, X509Certificate2Collection intermediates, DateTimeOffset verificationTime)
    {
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = verificationTime.LocalDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        policy.ExtraStore.AddRange(intermediates);
        if (!trust.Own.IsEmpty)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            foreach (X509Certificate2 root in trust.Own) policy.CustomTrustStore.Add(root);
        }

        bool valid = chain.Build(leaf);
        CertificateFailure failure = valid ? CertificateFailure.None : Explain(chain, verificationTime);
        foreach (X509ChainElement element in chain.ChainElements) element.Certificate.Dispose();
        return failure;
    }

    // A wrong root says more than a wrong date, and a broken signature more than either.
    private static CertificateFailure Explain(X509Chain chain, DateTimeOffset verificationTime)
    {
        X509ChainStatusFlags found = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain.ChainStatus) found |= status.Status;

        const X509ChainStatusFlags usage = X509ChainStatusFlags.NotValidForUsage | X509ChainStatusFlags.InvalidBasicConstraints
            | X509ChainStatusFlags.InvalidNameConstraints | X509ChainStatusFlags.HasExcludedNameConstraint
            | X509ChainStatusFlags.HasNotPermittedNameConstraint | X509ChainStatusFlags.HasNotSupportedNameConstraint
            | X509ChainStatusFlags.HasNotDefinedNameConstraint | X509ChainStatusFlags.HasNotSupportedCriticalExtension
            | X509ChainStatusFlags.InvalidPolicyConstraints | X509ChainStatusFlags.InvalidExtension;
        if ((found & X509ChainStatusFlags.NotSignatureValid) != 0) return CertificateFailure.BadSignature;
        if ((found & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0) return CertificateFailure.UntrustedRoot;
        if ((found & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            foreach (X509ChainElement element in chain.ChainElements)
            {
                CertificateFailure failure = Validity(element.Certificate, verificationTime);
                if (failure != CertificateFailure.None) return failure;
            }
        }

        return (found & usage) != 0 ? CertificateFailure.NotForServers : CertificateFailure.Other;
    }

    private static CertificateFailure Validity(X509Certificate2 certificate, DateTimeOffset verificationTime)
    {
        DateTime time = verificationTime.UtcDateTime;
        return time < certificate.NotBefore.ToUniversalTime() ? CertificateFailure.NotYetValid
            : time > certificate.NotAfter.ToUniversalTime() ? CertificateFailure.Expired
            : CertificateFailure.None;
    }

    // RFC 8446 §4.4.2.2: a key usage extension, where there is one, must allow signatures.
    private static bool MayAuthenticateServers(X509Certificate2 leaf)
    {
        foreach (X509Extension extension in leaf.Extensions)
        {
            if (extension is X509KeyUsageExtension usage && (usage.KeyUsages & X509KeyUsageFlags.DigitalSignature) == 0) return false;
        }

        return true;
    }
}
