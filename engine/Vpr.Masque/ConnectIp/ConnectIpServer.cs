using System.Diagnostics.CodeAnalysis;
using Vpr.Http3;

namespace Vpr.Masque;

/// <summary>Finds, among a server's requests, those that open a tunnel.</summary>
/// <remarks>
/// RFC 9484 §4.4, §4.5. What is not accepted is left untouched, so that the website answers it as it answers anything: for a client without
/// a key the tunnel does not exist.
/// </remarks>
public sealed class ConnectIpServer
{
    private readonly ITunnelAuthenticator _authenticator;
    private readonly string _pathPrefix;

    /// <summary>Makes an acceptor.</summary>
    /// <param name="authenticator">Knows the clients.</param>
    /// <param name="pathPrefix">What the path begins with, in front of target and protocol; begins and ends with a slash.</param>
    public ConnectIpServer(ITunnelAuthenticator authenticator, string pathPrefix = "/.well-known/masque/ip/")
    {
        ArgumentNullException.ThrowIfNull(pathPrefix);
        if (!pathPrefix.StartsWith('/') || !pathPrefix.EndsWith('/')) throw new ArgumentException("The prefix begins and ends with a slash.", nameof(pathPrefix));
        _authenticator = authenticator;
        _pathPrefix = pathPrefix;
    }

    /// <summary>Accepts a request, if it asks for a tunnel and proves that it may have one.</summary>
    /// <param name="stream">The request, fresh from <see cref="Http3EventKind.RequestReceived"/>.</param>
    /// <param name="tunnel">The tunnel when the result is true; 200 is sent, and so are the routes.</param>
    /// <returns>False when the request is the website's.</returns>
    public bool TryAccept(Http3Stream stream, [NotNullWhen(true)] out ConnectIpStream? tunnel)
    {
        ArgumentNullException.ThrowIfNull(stream);
        tunnel = null;
        if (stream.Request.Protocol != "connect-ip" || stream.Connection.Transport is not { } transport) return false;
        if (!TryReadScope(stream.Request.Path, out ConnectIpScope scope)) return false;
        if (!NoiseScheme.TryRead(stream.Fields, FieldNames.Authorization, out byte[]? message)) return false;
        if (_authenticator.Authenticate(message, new QuicChannelBinding(transport)) is not { } grant) return false;

        using FieldSection response = new();
        response.Add(FieldNames.Status, "200"u8);
        response.Add(FieldNames.CapsuleProtocol, "?1"u8);
        NoiseScheme.Add(response, FieldNames.AuthenticationInfo, grant.Response.Span);
        stream.SendResponse(response, fin: false);

        ConnectIpSession session = new(isServer: true, grant.Handler, grant.Addresses) { TakesPlainPackets = grant.TakesPlainPackets };
        session.AdvertiseRoutes(scope.Restrict(grant.Routes));
        tunnel = new ConnectIpStream(stream, session) { Client = grant.Client };
        tunnel.Open();
        return true;
    }

    private bool TryReadScope(string path, out ConnectIpScope scope)
    {
        scope = default;
        if (!path.StartsWith(_pathPrefix, StringComparison.Ordinal)) return false;
        string[] parts = path[_pathPrefix.Length..].Split('/');
        return parts is [{ Length: > 0 } target, { Length: > 0 } protocol, ""] && ConnectIpScope.TryParse(target, protocol, out scope);
    }
}
