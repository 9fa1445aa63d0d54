using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The extensions of a CertificateRequest, which a client without a certificate reads only to check them.</summary>
/// <remarks>RFC 8446 §4.3.2</remarks>
internal struct CertificateRequestExtensions : ICertificateRequestExtensionVisitor
{
    private bool _hasSignatureAlgorithms;

    /// <summary>Checks a CertificateRequest.</summary>
    /// <param name="message">The message, header included.</param>
    /// <returns>Null, or the alert that answers it.</returns>
    public static TlsAlert? Check(ReadOnlySpan<byte> message)
    {
        if (!CertificateRequest.TryParse(message, out CertificateRequest request, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        // Only a request after the handshake has a context.
        if (!request.CertificateRequestContext.IsEmpty) return TlsAlert.IllegalParameter;
        var visitor = new CertificateRequestExtensions();
        if (CertificateRequestExtension.DispatchAll(request.Extensions, ref visitor, out _) != WireStatus.Done) return TlsAlert.DecodeError;
        return visitor._hasSignatureAlgorithms ? null : TlsAlert.MissingExtension;
    }

    public bool Visit(in SignatureAlgorithmsExtension extension) => _hasSignatureAlgorithms = true;

    public bool Visit(in SignatureAlgorithmsCertExtension extension) => true;

    public bool Visit(in CompressCertificateExtension extension) => true;

    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => true;
}
