using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

public sealed partial class ClientHandshake
{
    private CertificateKeyKind _peerKey;

    private TlsAlert? OnCertificateRequest(ReadOnlySpan<byte> message)
    {
        if (CertificateRequestExtensions.Check(message) is { } alert) return alert;
        Keys!.Transcript.Append(message);
        _certificateRequested = true;
        _state = State.ExpectCertificate;
        return null;
    }

    private TlsAlert? OnCertificate(ReadOnlySpan<byte> message)
    {
        if (TakeCertificate(message) is { } alert) return alert;
        Keys!.Transcript.Append(message);
        _state = State.ExpectCertificateVerify;
        return null;
    }

    // RFC 8879 §4: the transcript holds the message as it came.
    private TlsAlert? OnCompressedCertificate(ReadOnlySpan<byte> message)
    {
        if (!CompressedCertificate.TryParse(message, out CompressedCertificate compressed, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        if (compressed.Algorithm != CertificateCompressionAlgorithm.Brotli) return TlsAlert.IllegalParameter;
        if (compressed.UncompressedLength > HandshakeLimits.MaxCertificate) return TlsAlert.BadCertificate;
        byte[] certificate = new byte[HandshakeMessageBuffer.HeaderLength + compressed.UncompressedLength];
        BinaryPrimitives.WriteUInt32BigEndian(certificate, (uint)HandshakeType.Certificate << 24 | compressed.UncompressedLength);
        Span<byte> body = certificate.AsSpan(HandshakeMessageBuffer.HeaderLength);
        if (!BrotliDecoder.TryDecompress(compressed.CompressedCertificateMessage, body, out int length) || length != body.Length) return TlsAlert.BadCertificate;
        if (TakeCertificate(certificate) is { } alert) return alert;
        Keys!.Transcript.Append(message);
        _state = State.ExpectCertificateVerify;
        return null;
    }

    private TlsAlert? TakeCertificate(ReadOnlySpan<byte> message)
    {
        if (!Certificate.TryParse(message, out Certificate certificate, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        if (!certificate.CertificateRequestContext.IsEmpty) return TlsAlert.IllegalParameter;
        int count = 0;
        foreach (CertificateEntry entry in certificate.CertificateList)
        {
            // Neither status_request nor signed_certificate_timestamp was offered.
            if (!entry.Extensions.IsEmpty) return TlsAlert.UnsupportedExtension;
            if (++count > HandshakeLimits.MaxCertificateChain) return Refuse(CertificateFailure.Malformed);
        }

        if (count == 0) return TlsAlert.DecodeError; // RFC 8446 §4.4.2.4
        return Examine(certificate) is not CertificateFailure.None and var failure ? Refuse(failure) : null;
    }

    private TlsAlert? OnCertificateVerify(ReadOnlySpan<byte> message)
    {
        if (!CertificateVerify.TryParse(message, out CertificateVerify verify, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        // RFC 8446 §4.4.3: one of the offered schemes, and one that the key can have signed with.
        if (!_options.Shape.SignatureSchemes.Contains(verify.Algorithm)
            || !CertificateKey.CanSign(_peerKey, verify.Algorithm))
            return TlsAlert.IllegalParameter;
        Span<byte> buffer = stackalloc byte[CertificateVerifyInput.MaxLength];
        ReadOnlySpan<byte> input = CertificateVerifyInput.Server(Keys!.Transcript, buffer);
        if (!IsSignedByPeer(verify.Algorithm, input, verify.Signature))
        {
            CertificateFailure = CertificateFailure.BadSignature;
            return TlsAlert.DecryptError;
        }

        Keys.Transcript.Append(message);
        _state = State.ExpectFinished;
        return null;
    }

    // draft-vvv-tls-alps §4: what a server that sends settings waits for; empty ones promise nothing.
    private void SendApplicationSettings()
    {
        Span<byte> extension = stackalloc byte[4];
        new ApplicationSettingsExtension().Write(extension);
        var settings = new EncryptedExtensions { Extensions = extension };
        Span<byte> message = stackalloc byte[settings.EncodedLength];
        settings.Write(message);
        Send(EncryptionLevel.Handshake, message);
    }

    // RFC 8446 §4.4.2: a client without a fitting certificate answers with an empty list.
    private void SendNoCertificate()
    {
        var certificate = new Certificate();
        Span<byte> message = stackalloc byte[certificate.EncodedLength];
        certificate.Write(message);
        Send(EncryptionLevel.Handshake, message);
    }

    // The platform throws for certificates that it cannot read; here that is one more reason to refuse.
    private CertificateFailure Examine(scoped in Certificate certificate)
    {
        var intermediates = new X509Certificate2Collection();
        try
        {
            foreach (CertificateEntry entry in certificate.CertificateList)
            {
                const byte derSequence = 0x30; // the loader would take PEM as well
                if (entry.CertData[0] != derSequence) return CertificateFailure.Malformed;
                X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(entry.CertData);
                if (PeerCertificate is null) PeerCertificate = loaded;
                else intermediates.Add(loaded);
            }

            _peerKey = CertificateKey.KindOf(PeerCertificate!);
            bool canVerify = false;
            foreach (SignatureScheme scheme in CertificateKey.SchemesOf(_peerKey)) canVerify |= _options.Shape.SignatureSchemes.Contains(scheme);
            return canVerify
                ? ServerTrustEvaluation.Evaluate(_options.Trust, PeerCertificate!, intermediates, _options.ServerName, _options.VerificationTime)
                : CertificateFailure.UnsupportedKey;
        }
        catch (CryptographicException)
        {
            return CertificateFailure.Malformed;
        }
        finally
        {
            foreach (X509Certificate2 intermediate in intermediates) intermediate.Dispose();
        }
    }

    private bool IsSignedByPeer(SignatureScheme scheme, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        try
        {
            return CertificateKey.Verify(PeerCertificate!, scheme, input, signature);
        }
        catch (CryptographicException)
        {
            return false; // the key in the certificate is none
        }
    }

    private TlsAlert Refuse(CertificateFailure failure)
    {
        CertificateFailure = failure;
        return failure switch
        {
            CertificateFailure.Malformed or CertificateFailure.BadSignature => TlsAlert.BadCertificate,
            CertificateFailure.Expired or CertificateFailure.NotYetValid => TlsAlert.CertificateExpired,
            CertificateFailure.UntrustedRoot => TlsAlert.UnknownCa,
            CertificateFailure.NotForServers or CertificateFailure.UnsupportedKey => TlsAlert.UnsupportedCertificate,
            _ => TlsAlert.CertificateUnknown,
        };
    }
}
