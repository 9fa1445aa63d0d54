using System.Text;
using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>A ClientHello as a server sees it: a view of the message, every rule checked that does not depend on the server.</summary>
/// <remarks>RFC 8446 §4.1.2, §9.2, RFC 9001 §8</remarks>
internal ref struct ClientOffer : IClientHelloExtensionVisitor
{
    private const byte HostName = 0;

    private Seen _seen;
    private TlsAlert? _alert;
    private bool _offersTls13;

    [Flags]
    private enum Seen
    {
        None = 0,
        ServerName = 1 << 0,
        SupportedGroups = 1 << 1,
        SignatureAlgorithms = 1 << 2,
        Protocols = 1 << 3,
        PreSharedKey = 1 << 4,
        EarlyData = 1 << 5,
        SupportedVersions = 1 << 6,
        Cookie = 1 << 7,
        PskKeyExchangeModes = 1 << 8,
        SignatureAlgorithmsCert = 1 << 9,
        KeyShare = 1 << 10,
        TransportParameters = 1 << 11,
        CompressCertificate = 1 << 12,
        ApplicationSettings = 1 << 13,
    }

    /// <summary>The 32 random bytes.</summary>
    public ReadOnlySpan<byte> Random { get; private set; }

    /// <summary>The suites, most wanted first.</summary>
    public WireScalarList<CipherSuite> CipherSuites { get; private set; }

    /// <summary>The name asked for; null when there is none, or none that a certificate could cover.</summary>
    public string? ServerName { get; private set; }

    /// <summary>The groups, most wanted first.</summary>
    public WireScalarList<NamedGroup> Groups { get; private set; }

    /// <summary>The key shares.</summary>
    public WireList<KeyShareEntry> KeyShares { get; private set; }

    /// <summary>The schemes that the server may sign with.</summary>
    public WireScalarList<SignatureScheme> SignatureSchemes { get; private set; }

    /// <summary>The protocols, most wanted first.</summary>
    public WireList<ProtocolName> Protocols { get; private set; }

    /// <summary>The body of quic_transport_parameters.</summary>
    public ReadOnlySpan<byte> TransportParameters { get; private set; }

    /// <summary>Reads and checks a ClientHello.</summary>
    /// <param name="message">The message, header included.</param>
    /// <param name="offer">The view, valid as long as the message.</param>
    /// <returns>Null, or the alert that answers the message.</returns>
    public static TlsAlert? Read(ReadOnlySpan<byte> message, out ClientOffer offer)
    {
        offer = default;
        if (!ClientHello.TryParse(message, out ClientHello hello, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        offer.Random = hello.Random;
        offer.CipherSuites = hello.CipherSuites;
        return ClientHelloExtension.DispatchAll(hello.Extensions, ref offer, out _) switch
        {
            WireStatus.Done => offer.Check(hello),
            WireStatus.Stopped => offer._alert,
            _ => TlsAlert.DecodeError,
        };
    }

    public bool Visit(in ServerNameClientHello extension) => IsFirst(Seen.ServerName) && TakeName(extension.ServerNameList);

    public bool Visit(in SupportedGroupsExtension extension)
    {
        Groups = extension.NamedGroupList;
        return IsFirst(Seen.SupportedGroups);
    }

    public bool Visit(in SignatureAlgorithmsExtension extension)
    {
        SignatureSchemes = extension.SupportedSignatureAlgorithms;
        return IsFirst(Seen.SignatureAlgorithms);
    }

    public bool Visit(in ApplicationLayerProtocolNegotiationExtension extension)
    {
        Protocols = extension.ProtocolNameList;
        return IsFirst(Seen.Protocols);
    }

    public bool Visit(in SupportedVersionsClientHello extension)
    {
        _offersTls13 = extension.Versions.Contains(ProtocolVersion.Tls13);
        return IsFirst(Seen.SupportedVersions);
    }

    public bool Visit(in KeyShareClientHello extension)
    {
        KeyShares = extension.ClientShares;
        return IsFirst(Seen.KeyShare);
    }

    public bool Visit(in QuicTransportParametersExtension extension)
    {
        TransportParameters = extension.TransportParameters;
        return IsFirst(Seen.TransportParameters);
    }

    public bool Visit(in CookieExtension extension) => IsFirst(Seen.Cookie);

    public bool Visit(in PskKeyExchangeModesExtension extension) => IsFirst(Seen.PskKeyExchangeModes);

    public bool Visit(in SignatureAlgorithmsCertExtension extension) => IsFirst(Seen.SignatureAlgorithmsCert);

    // A chain of this server is short, and it has no settings to give.
    public bool Visit(in CompressCertificateExtension extension) => IsFirst(Seen.CompressCertificate);

    public bool Visit(in ApplicationSettingsClientHello extension) => IsFirst(Seen.ApplicationSettings);

    // Tickets are not given out yet, so keys and early data are passed over and the handshake is a full one (RFC 8446 §4.2.10, §4.2.11).
    public bool Visit(in PreSharedKeyClientHello extension) => IsFirst(Seen.PreSharedKey);

    public bool Visit(in EarlyDataIndication extension) => IsFirst(Seen.EarlyData);

    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => IsBeforePreSharedKey();

    private TlsAlert? Check(in ClientHello hello)
    {
        if (!_offersTls13) return TlsAlert.ProtocolVersion;
        if (hello.LegacyVersion != ProtocolVersion.Tls12) return TlsAlert.IllegalParameter;
        if (hello.LegacyCompressionMethods is not [0]) return TlsAlert.IllegalParameter;
        // RFC 9001 §8.4: no middlebox compatibility mode in QUIC.
        if (!hello.LegacySessionId.IsEmpty) return TlsAlert.IllegalParameter;
        // No cookie was given out: this server keeps its state (RFC 8446 §4.2.2).
        if (Has(Seen.Cookie)) return TlsAlert.IllegalParameter;
        const Seen indispensable = Seen.SupportedGroups | Seen.SignatureAlgorithms | Seen.KeyShare | Seen.TransportParameters;
        if (!Has(indispensable)) return TlsAlert.MissingExtension;
        if (Has(Seen.PreSharedKey) && !Has(Seen.PskKeyExchangeModes)) return TlsAlert.MissingExtension;
        return Has(Seen.Protocols) ? null : TlsAlert.NoApplicationProtocol;
    }

    private readonly bool Has(Seen extensions) => (_seen & extensions) == extensions;

    private bool IsFirst(Seen extension)
    {
        bool isRepeated = Has(extension);
        bool isAllowed = IsBeforePreSharedKey();
        _seen |= extension;
        if (isRepeated) _alert = TlsAlert.IllegalParameter; // RFC 8446 §4.2
        return isAllowed && !isRepeated;
    }

    // RFC 8446 §4.2.11: pre_shared_key is the last extension.
    private bool IsBeforePreSharedKey()
    {
        if (!Has(Seen.PreSharedKey)) return true;
        _alert = TlsAlert.IllegalParameter;
        return false;
    }

    // RFC 6066 §3: at most one name of a type, and host_name is the one type there is.
    private bool TakeName(WireList<ServerName> names)
    {
        bool found = false;
        foreach (ServerName name in names)
        {
            if (name.NameType != HostName) continue;
            if (found)
            {
                _alert = TlsAlert.IllegalParameter;
                return false;
            }

            found = true;
            if (name.HostName.Length <= byte.MaxValue && Ascii.IsValid(name.HostName)) ServerName = Encoding.ASCII.GetString(name.HostName);
        }

        return true;
    }
}
