using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

public sealed partial class ServerHandshake
{
    // EncryptedExtensions to Finished: RFC 8446 §4.3, §4.4.
    private void SendAuthentication(string protocol, ServerCertificate certificate, SignatureScheme scheme, bool isNamed)
    {
        SendEncryptedExtensions(protocol, isNamed);
        SendCertificate(certificate);

        Span<byte> inputBuffer = stackalloc byte[CertificateVerifyInput.MaxLength];
        byte[] signature = certificate.Sign(scheme, CertificateVerifyInput.Server(Keys!.Transcript, inputBuffer));
        var verify = new CertificateVerify { Algorithm = scheme, Signature = signature };
        byte[] verifyMessage = new byte[verify.EncodedLength];
        verify.Write(verifyMessage);
        Send(EncryptionLevel.Handshake, verifyMessage);

        SendFinished(Keys.ServerHandshakeTraffic);
        Keys.EnterApplication();
        Install(EncryptionLevel.Application, SecretDirection.Write, Keys.ServerApplicationTraffic);
    }

    private void SendEncryptedExtensions(string protocol, bool isNamed)
    {
        byte[] name = ApplicationProtocolNames.Encode(protocol);
        byte[] buffer = new byte[name.Length + _transportParameters.Length + 64];
        byte[] nameList = new byte[name.Length + 1];
        new ProtocolName { Name = name }.Write(nameList);
        WireList<ProtocolName>.TryParse(nameList, out WireList<ProtocolName> names);

        var extensions = new WireWriter(buffer);
        if (isNamed) extensions.Write(new ServerNameEncryptedExtensions()); // RFC 6066 §3: the name chose the certificate
        extensions.Write(new ApplicationLayerProtocolNegotiationExtension { ProtocolNameList = names });
        extensions.Write(new QuicTransportParametersExtension { TransportParameters = _transportParameters });
        var encrypted = new EncryptedExtensions { Extensions = extensions.Written };
        byte[] message = new byte[encrypted.EncodedLength];
        encrypted.Write(message);
        Send(EncryptionLevel.Handshake, message);
    }

    private void SendCertificate(ServerCertificate certificate)
    {
        // Each entry has a length of 3 bytes and that of its empty extensions, 2.
        int length = 0;
        foreach (byte[] der in certificate.Chain) length += der.Length + 5;
        byte[] entries = new byte[length];
        var writer = new WireWriter(entries);
        foreach (byte[] der in certificate.Chain) writer.Write(new CertificateEntry { CertData = der, Extensions = [] });
        WireList<CertificateEntry>.TryParse(entries, out WireList<CertificateEntry> list);
        var chain = new Certificate { CertificateRequestContext = [], CertificateList = list };
        byte[] message = new byte[chain.EncodedLength];
        chain.Write(message);
        Send(EncryptionLevel.Handshake, message);
    }
}
