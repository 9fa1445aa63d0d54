namespace Vpr.Masque;

/// <summary>How far a client has come with opening a tunnel.</summary>
public enum ConnectIpClientState : byte
{
    /// <summary>The request could not be sent yet.</summary>
    Waiting,

    /// <summary>The request is on its way.</summary>
    Requested,

    /// <summary>The tunnel is open.</summary>
    Open,

    /// <summary>The server answered as a website does, with <see cref="ConnectIpClient.RefusedStatus"/>: it does not know the key, or is no such server.</summary>
    Refused,

    /// <summary>The server accepted, but could not prove who it is: somebody else speaks in its place.</summary>
    ServerNotAuthentic,

    /// <summary>The server does not offer extended CONNECT or HTTP Datagrams.</summary>
    NotSupported,

    /// <summary>The tunnel, or its connection, is over.</summary>
    Closed,
}
