using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The extensions of EncryptedExtensions, checked against what the client offered.</summary>
/// <remarks>RFC 8446 §4.3.1</remarks>
internal ref struct ServerParameters : IEncryptedExtensionsExtensionVisitor
{
    private readonly ClientHelloBuilder _offer;
    private readonly IReadOnlyList<string> _offeredProtocols;
    private TlsAlert? _alert;
    private bool _hasServerName;
    private bool _hasGroups;

    private ServerParameters(ClientHelloBuilder offer, IReadOnlyList<string> offeredProtocols)
    {
        _offer = offer;
        _offeredProtocols = offeredProtocols;
    }

    /// <summary>The protocol that the server chose; null when it chose none.</summary>
    public string? Protocol { get; private set; }

    /// <summary>Whether quic_transport_parameters has come.</summary>
    public bool HasTransportParameters { get; private set; }

    /// <summary>The body of quic_transport_parameters.</summary>
    public ReadOnlySpan<byte> TransportParameters { get; private set; }

    /// <summary>Whether the server sent settings, and so wants the client's.</summary>
    public bool HasApplicationSettings { get; private set; }

    /// <summary>Reads an EncryptedExtensions message.</summary>
    /// <param name="message">The message, header included.</param>
    /// <param name="offer">What the client sent.</param>
    /// <param name="offeredProtocols">The protocols that it offered.</param>
    /// <param name="parameters">The view, valid as long as the message.</param>
    /// <returns>Null, or the alert that answers the message.</returns>
    public static TlsAlert? Read(ReadOnlySpan<byte> message, ClientHelloBuilder offer, IReadOnlyList<string> offeredProtocols, out ServerParameters parameters)
    {
        parameters = new ServerParameters(offer, offeredProtocols);
        if (!EncryptedExtensions.TryParse(message, out EncryptedExtensions encrypted, out int consumed) || consumed != message.Length) return TlsAlert.DecodeError;
        return EncryptedExtensionsExtension.DispatchAll(encrypted.Extensions, ref parameters, out _) switch
        {
            // RFC 9001 §8.1, §8.2: QUIC can do without neither.
            WireStatus.Done when parameters.Protocol is null => TlsAlert.NoApplicationProtocol,
            WireStatus.Done => parameters.HasTransportParameters ? null : TlsAlert.MissingExtension,
            WireStatus.Stopped => parameters._alert,
            _ => TlsAlert.DecodeError,
        };
    }

    public bool Visit(in ServerNameEncryptedExtensions extension)
    {
        if (!_offer.Offers(ExtensionType.ServerName)) return Stop(TlsAlert.UnsupportedExtension);
        if (_hasServerName) return Stop(TlsAlert.IllegalParameter);
        _hasServerName = true;
        return true;
    }

    // Tells what the server would have preferred; nothing follows from it in this handshake (RFC 8446 §4.2.7).
    public bool Visit(in SupportedGroupsExtension extension)
    {
        if (_hasGroups) return Stop(TlsAlert.IllegalParameter);
        _hasGroups = true;
        return true;
    }

    public bool Visit(in ApplicationLayerProtocolNegotiationExtension extension)
    {
        if (Protocol is not null) return Stop(TlsAlert.IllegalParameter);
        int count = 0;
        foreach (ProtocolName name in extension.ProtocolNameList)
        {
            if (++count > 1) return Stop(TlsAlert.DecodeError); // RFC 7301 §3.1: exactly one
            foreach (string offered in _offeredProtocols)
            {
                if (ApplicationProtocolNames.AreEqual(offered, name.Name)) Protocol = offered;
            }
        }

        return Protocol is not null || Stop(TlsAlert.IllegalParameter);
    }

    public bool Visit(in QuicTransportParametersExtension extension)
    {
        if (HasTransportParameters) return Stop(TlsAlert.IllegalParameter);
        HasTransportParameters = true;
        TransportParameters = extension.TransportParameters;
        return true;
    }

    public bool Visit(in ApplicationSettingsExtension extension)
    {
        if (!_offer.Offers(ExtensionType.ApplicationSettings)) return Stop(TlsAlert.UnsupportedExtension);
        if (HasApplicationSettings) return Stop(TlsAlert.IllegalParameter);
        HasApplicationSettings = true;
        return true;
    }

    // No early data was offered.
    public bool Visit(in EarlyDataIndication extension) => Stop(TlsAlert.UnsupportedExtension);

    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body)
    {
        var extension = (ExtensionType)type;
        // retry_configs for a client that really encrypts; a GREASE one ignores them (RFC 9849 §6.2).
        if (extension == ExtensionType.EncryptedClientHello && _offer.Offers(extension)) return true;
        // RFC 8446 §4.2: known but in the wrong message, or never asked for.
        return Stop(_offer.Offers(extension) ? TlsAlert.IllegalParameter : TlsAlert.UnsupportedExtension);
    }

    private bool Stop(TlsAlert alert)
    {
        _alert = alert;
        return false;
    }
}
