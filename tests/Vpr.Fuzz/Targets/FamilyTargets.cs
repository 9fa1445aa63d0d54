using Vpr.Wire.Http3;
using Vpr.Wire.Ip;
using Vpr.Wire.Masque;
using Vpr.Wire.Quic;
using Vpr.Wire.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>The families' dispatchers.</summary>
internal static class FamilyTargets
{
    /// <summary>One target a family.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new FamilyTarget<QuicFrameVisitor>(typeof(QuicFrame), QuicFrame.Dispatch),
        new FamilyTarget<TransportParameterVisitor>(typeof(TransportParameter), TransportParameter.Dispatch),
        new FamilyTarget<HandshakeMessageVisitor>(typeof(HandshakeMessage), HandshakeMessage.Dispatch),
        new FamilyTarget<ClientHelloExtensionVisitor>(typeof(ClientHelloExtension), ClientHelloExtension.Dispatch),
        new FamilyTarget<ServerHelloExtensionVisitor>(typeof(ServerHelloExtension), ServerHelloExtension.Dispatch),
        new FamilyTarget<HelloRetryRequestExtensionVisitor>(typeof(HelloRetryRequestExtension), HelloRetryRequestExtension.Dispatch),
        new FamilyTarget<EncryptedExtensionsExtensionVisitor>(typeof(EncryptedExtensionsExtension), EncryptedExtensionsExtension.Dispatch),
        new FamilyTarget<CertificateRequestExtensionVisitor>(typeof(CertificateRequestExtension), CertificateRequestExtension.Dispatch),
        new FamilyTarget<NewSessionTicketExtensionVisitor>(typeof(NewSessionTicketExtension), NewSessionTicketExtension.Dispatch),
        new FamilyTarget<Http3FrameVisitor>(typeof(Http3Frame), Http3Frame.Dispatch),
        new FamilyTarget<CapsuleVisitor>(typeof(Capsule), Capsule.Dispatch),
        new FamilyTarget<IpNextHeaderVisitor>(typeof(IpNextHeader), DispatchNextHeader),
    ];

    // The type of an IP header stands in the header before it; here it is the input's first byte.
    private static WireStatus DispatchNextHeader(ReadOnlySpan<byte> source, scoped ref IpNextHeaderVisitor visitor, out int consumed)
    {
        WireStatus status = IpNextHeader.Dispatch(source[0], source[1..], ref visitor, out consumed);
        consumed += status == WireStatus.Done ? 1 : 0;
        return status;
    }
}
