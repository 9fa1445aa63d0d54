using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>The kernel's verdict on one request.</summary>
/// <param name="Error">The reason of a refusal, or <see cref="LinuxErrorCode.None"/>.</param>
/// <param name="Explanation">The kernel's own words about it, when it has some.</param>
internal readonly record struct NetlinkReply(LinuxErrorCode Error, string? Explanation)
{
    private const NetlinkFlags HasAttributes = (NetlinkFlags)0x200; // NLM_F_ACK_TLVS
    private const int MessageAttribute = 1; // NLMSGERR_ATTR_MSG
    private const int AttributesOffset = sizeof(int) + NetlinkMessageWriter.HeaderSize;

    /// <summary>Reads an NLMSG_ERROR, which is an acknowledgement when its code is 0.</summary>
    internal static NetlinkReply Parse(ReadOnlySpan<byte> body, NetlinkFlags flags)
    {
        if (body.Length < sizeof(int)) return new NetlinkReply(LinuxErrorCode.EIO, "the answer was cut short");
        LinuxErrorCode error = (LinuxErrorCode)(-MemoryMarshal.Read<int>(body));
        string? explanation = null;
        // The echoed request is cut to its header (NETLINK_CAP_ACK), so the attributes follow at once.
        if ((flags & HasAttributes) != 0 && body.Length > AttributesOffset)
        {
            NetlinkAttributeReader attributes = new(body[AttributesOffset..]);
            while (attributes.Read())
            {
                if (attributes.Type == MessageAttribute) explanation = attributes.Text;
            }
        }

        return new NetlinkReply(error, explanation);
    }

    /// <summary>The exception for a refusal: the kernel's words, and what the operator can do.</summary>
    internal LinuxException ToException(string call)
    {
        string? advice = Error is LinuxErrorCode.EPERM ? "Run as root, or with the capability CAP_NET_ADMIN" : null;
        string? hint = (Explanation, advice) switch
        {
            (null, _) => advice,
            (_, null) => $"The kernel says: {Explanation}",
            _ => $"The kernel says: {Explanation}. {advice}",
        };
        return new LinuxException(call, Error, hint);
    }
}
