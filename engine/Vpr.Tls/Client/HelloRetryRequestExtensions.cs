using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The extensions of a HelloRetryRequest, as a client takes them.</summary>
/// <remarks>RFC 8446 §4.1.4</remarks>
internal ref struct HelloRetryRequestExtensions : IHelloRetryRequestExtensionVisitor
{
    private TlsAlert? _alert;

    /// <summary>The version that the server chose; null when the extension is missing.</summary>
    public ProtocolVersion? SelectedVersion { get; private set; }

    /// <summary>The group that the server wants a share of; null when the shares stay.</summary>
    public NamedGroup? SelectedGroup { get; private set; }

    /// <summary>The cookie to give back; empty when there is none.</summary>
    public ReadOnlySpan<byte> Cookie { get; private set; }

    /// <summary>Reads the extensions.</summary>
    /// <returns>Null, or the alert that answers them.</returns>
    public static TlsAlert? Read(ReadOnlySpan<byte> extensions, out HelloRetryRequestExtensions result)
    {
        result = default;
        return HelloRetryRequestExtension.DispatchAll(extensions, ref result, out _) switch
        {
            WireStatus.Done => null,
            WireStatus.Stopped => result._alert,
            _ => TlsAlert.DecodeError,
        };
    }

    public bool Visit(in SupportedVersionsServerHello extension)
    {
        if (SelectedVersion is not null) return Stop(TlsAlert.IllegalParameter);
        SelectedVersion = extension.SelectedVersion;
        return true;
    }

    public bool Visit(in KeyShareHelloRetryRequest extension)
    {
        if (SelectedGroup is not null) return Stop(TlsAlert.IllegalParameter);
        SelectedGroup = extension.SelectedGroup;
        return true;
    }

    public bool Visit(in CookieExtension extension)
    {
        if (!Cookie.IsEmpty) return Stop(TlsAlert.IllegalParameter);
        Cookie = extension.Cookie;
        return true;
    }

    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => Stop(TlsAlert.UnsupportedExtension);

    private bool Stop(TlsAlert alert)
    {
        _alert = alert;
        return false;
    }
}
