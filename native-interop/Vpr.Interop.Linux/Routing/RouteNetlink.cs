namespace Vpr.Interop.Linux;

/// <summary>Links, addresses, routes and rules of the network namespace of the thread that opens it. Needs no <c>ip</c> program.</summary>
/// <remarks>
/// rtnetlink(7). Every change can be repeated: adding what is there and removing what is not there succeed, the latter with <see langword="false"/>.
/// Changes need CAP_NET_ADMIN. One thread at a time.
/// </remarks>
public sealed partial class RouteNetlink : IDisposable
{
    /// <summary>The table of ordinary routes (RT_TABLE_MAIN).</summary>
    public const uint MainTable = 254;

    /// <summary>The table of this host's own addresses (RT_TABLE_LOCAL).</summary>
    public const uint LocalTable = 255;

    /// <summary>The number that marks routes and rules as made by VPR, so that what a killed process left can be told apart; <c>ip</c> shows it as "proto 86".</summary>
    /// <remarks>86 is the letter V; /etc/iproute2/rt_protos gives it to nobody.</remarks>
    public const byte OwnProtocol = 86;

    private const int BufferSize = 1024;

    private readonly NetlinkSocket _socket = new(NetlinkSocket.RouteProtocol);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private NetlinkMessageWriter Begin<T>(Span<byte> buffer, int type, NetlinkFlags flags, scoped in T message)
        where T : unmanaged
    {
        NetlinkMessageWriter writer = new(buffer);
        writer.BeginMessage(type, NetlinkFlags.Request | flags, _socket.NextSequence());
        writer.Fixed(message);
        return writer;
    }

    /// <summary>Sends a change.</summary>
    /// <returns><see langword="false"/> when the kernel says <paramref name="missing"/> or <paramref name="missingToo"/>.</returns>
    /// <exception cref="LinuxException">The kernel refuses for another reason.</exception>
    private bool Change(
        ref NetlinkMessageWriter writer, string call, LinuxErrorCode missing = LinuxErrorCode.None, LinuxErrorCode missingToo = LinuxErrorCode.None)
    {
        writer.EndMessage();
        NetlinkReply reply = _socket.Request(writer.Written);
        if (reply.Error == LinuxErrorCode.None) return true;
        if (reply.Error == missing || reply.Error == missingToo) return false;
        throw reply.ToException(call);
    }
}
