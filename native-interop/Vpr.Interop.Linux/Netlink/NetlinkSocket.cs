using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>A netlink socket to the kernel, in the network namespace of the thread that opens it. Asks one question at a time and waits for the answer.</summary>
/// <remarks>netlink(7). The kernel acts on a request before the send returns, so waiting for an answer does not block in practice.</remarks>
internal sealed class NetlinkSocket : IDisposable
{
    internal const int RouteProtocol = 0; // NETLINK_ROUTE
    internal const int NetfilterProtocol = 12; // NETLINK_NETFILTER

    private const int SOL_NETLINK = 270;
    private const int NETLINK_CAP_ACK = 10;
    private const int NETLINK_EXT_ACK = 11;
    private const int NETLINK_GET_STRICT_CHK = 12;

    /// <summary>The kernel builds list datagrams of up to 32 KiB.</summary>
    private const int ReceiveSize = 65536;
    private const int MaxDumpAttempts = 8;

    private readonly SafeDescriptor _descriptor;
    private readonly byte[] _receive = new byte[ReceiveSize];
    private uint _sequence;

    /// <summary>Opens a socket of a netlink family.</summary>
    /// <exception cref="LinuxException">The kernel does not have the family.</exception>
    internal NetlinkSocket(int protocol)
    {
        _descriptor = SafeDescriptor.Own(
            Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol),
            protocol == RouteProtocol ? "socket NETLINK_ROUTE" : "socket NETLINK_NETFILTER",
            "This kernel was built without it, or a sandbox forbids it");
        // Better words in errors, and filtered lists; a kernel that lacks one of them still serves.
        foreach (int option in (ReadOnlySpan<int>)[NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK])
            Libc.setsockopt(_descriptor, SOL_NETLINK, option, 1, sizeof(int));
    }

    /// <summary>Reads one listed message into a value.</summary>
    /// <returns><see langword="false"/> to leave it out.</returns>
    internal delegate bool Parser<T>(ushort type, ReadOnlySpan<byte> body, out T value);

    /// <summary>A number for the next request.</summary>
    internal uint NextSequence() => ++_sequence;

    /// <summary>Sends one request and waits for its verdict.</summary>
    internal NetlinkReply Request(ReadOnlySpan<byte> message) => Batch(message, verdicts: 1);

    /// <summary>Sends a batch of which <paramref name="verdicts"/> messages ask for an acknowledgement.</summary>
    /// <returns>The first refusal, or success.</returns>
    internal NetlinkReply Batch(ReadOnlySpan<byte> messages, int verdicts)
    {
        Send(messages);
        while (verdicts > 0)
        {
            NetlinkMessageReader reader = new(Receive(wait: true));
            while (reader.Read())
            {
                if (reader.Type != NetlinkMessageReader.ErrorType) continue;
                NetlinkReply reply = NetlinkReply.Parse(reader.Body, reader.Flags);
                if (reply.Error != LinuxErrorCode.None)
                {
                    Discard();
                    return reply;
                }

                verdicts--;
            }
        }

        return default;
    }

    /// <summary>Sends one request that is answered by one message, or refused.</summary>
    /// <returns>The verdict; <paramref name="value"/> is set when it is success.</returns>
    internal NetlinkReply Get<T>(ReadOnlySpan<byte> message, Parser<T> parser, out T? value)
    {
        value = default;
        Send(message);
        while (true)
        {
            NetlinkMessageReader reader = new(Receive(wait: true));
            while (reader.Read())
            {
                if (reader.Type == NetlinkMessageReader.ErrorType) return NetlinkReply.Parse(reader.Body, reader.Flags);
                if (parser(reader.Type, reader.Body, out T parsed))
                {
                    value = parsed;
                    return default;
                }
            }
        }
    }

    /// <summary>Sends one request that lists, and collects what it lists. A list that changed meanwhile is asked for again.</summary>
    /// <param name="message">The request.</param>
    /// <param name="call">Its name, for the exception.</param>
    /// <param name="parser">Makes values of what is listed.</param>
    /// <param name="empty">A refusal that means that there is nothing to list.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    internal List<T> Dump<T>(ReadOnlySpan<byte> message, string call, Parser<T> parser, LinuxErrorCode empty = LinuxErrorCode.None)
    {
        for (int attempt = 1; ; attempt++)
        {
            List<T> found = [];
            Send(message);
            if (Collect(found, parser, call, empty) || attempt == MaxDumpAttempts) return found;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private bool Collect<T>(List<T> found, Parser<T> parser, string call, LinuxErrorCode empty)
    {
        bool isConsistent = true;
        while (true)
        {
            NetlinkMessageReader reader = new(Receive(wait: true));
            while (reader.Read())
            {
                isConsistent &= (reader.Flags & NetlinkFlags.DumpInterrupted) == 0;
                switch (reader.Type)
                {
                    case NetlinkMessageReader.DoneType:
                        return isConsistent;
                    case NetlinkMessageReader.ErrorType:
                        NetlinkReply reply = NetlinkReply.Parse(reader.Body, reader.Flags);
                        return reply.Error == empty ? true : throw reply.ToException(call);
                    default:
                        if (parser(reader.Type, reader.Body, out T value)) found.Add(value);
                        break;
                }
            }
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        nint sent;
        do sent = Libc.send(_descriptor, bytes, (nuint)bytes.Length, 0);
        while (sent < 0 && Libc.LastError == LinuxErrorCode.EINTR);
        if (sent < 0) throw LinuxException.Because(Libc.LastError, "send netlink");
    }

    private ReadOnlySpan<byte> Receive(bool wait)
    {
        while (true)
        {
            nint length = Libc.recv(_descriptor, _receive, ReceiveSize, Libc.MSG_TRUNC | (wait ? 0 : Libc.MSG_DONTWAIT));
            if (length is >= 0 and <= ReceiveSize) return _receive.AsSpan(0, (int)length);
            if (length > ReceiveSize) throw new LinuxException("recv netlink", LinuxErrorCode.EMSGSIZE);
            LinuxErrorCode error = Libc.LastError;
            if (error == LinuxErrorCode.EINTR) continue;
            if (error == LinuxErrorCode.EAGAIN && !wait) return [];
            throw new LinuxException("recv netlink", error);
        }
    }

    /// <summary>Throws away the rest of the answers to a batch that failed, so that the next request does not read them.</summary>
    private void Discard()
    {
        while (!Receive(wait: false).IsEmpty)
        {
        }
    }
}
