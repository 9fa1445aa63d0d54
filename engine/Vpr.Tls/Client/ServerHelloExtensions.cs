using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls;

/// <summary>The extensions of a ServerHello, as a client takes them.</summary>
/// <remarks>RFC 8446 §4.1.3</remarks>
internal ref struct ServerHelloExtensions : IServerHelloExtensionVisitor
{
    private TlsAlert? _alert;

    /// <summary>The version that the server chose; null when the extension is missing.</summary>
    public ProtocolVersion? SelectedVersion { get; private set; }

    /// <summary>Whether there is a share.</summary>
    public bool HasShare { get; private set; }

    /// <summary>The server's share, where <see cref="HasShare"/>.</summary>
    public KeyShareEntry Share { get; private set; }

    /// <summary>Reads the extensions.</summary>
    /// <returns>Null, or the alert that answers them.</returns>
    public static TlsAlert? Read(ReadOnlySpan<byte> extensions, out ServerHelloExtensions result)
    {
        result = default;
        return ServerHelloExtension.DispatchAll(extensions, ref result, out _) switch
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

    public bool Visit(in KeyShareServerHello extension)
    {
        if (HasShare) return Stop(TlsAlert.IllegalParameter);
        HasShare = true;
        Share = extension.ServerShare;
        return true;
    }

    // No key was offered.
    public bool Visit(in PreSharedKeyServerHello extension) => Stop(TlsAlert.UnsupportedExtension);

    public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => Stop(TlsAlert.UnsupportedExtension);

    private bool Stop(TlsAlert alert)
    {
        _alert = alert;
        return false;
    }
}
