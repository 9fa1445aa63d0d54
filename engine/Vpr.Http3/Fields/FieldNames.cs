using System.Text;

namespace Vpr.Http3;

/// <summary>Field names that this stack speaks of, and the one string that stands for each known name.</summary>
public static class FieldNames
{
    private static readonly string[] Others =
    [
        ":protocol", "host", "capsule-protocol", "authentication-info", "te", "trailer", "expect", "priority", "accept-charset",
        "allow", "content-language", "content-location", "content-range", "dnt", "expires", "from", "if-match",
        "if-unmodified-since", "max-forwards", "pragma", "proxy-authorization", "proxy-authenticate", "proxy-status", "retry-after",
        "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
        "sec-fetch-user", "via", "warning", "www-authenticate",
    ];

    private static readonly byte[][] OtherOctets = Array.ConvertAll(Others, Encoding.ASCII.GetBytes);

    /// <summary>The request method; RFC 9114 §4.3.1.</summary>
    public static ReadOnlySpan<byte> Method => ":method"u8;

    /// <summary>The request's URI scheme; RFC 9114 §4.3.1.</summary>
    public static ReadOnlySpan<byte> Scheme => ":scheme"u8;

    /// <summary>The request's host and port; RFC 9114 §4.3.1.</summary>
    public static ReadOnlySpan<byte> Authority => ":authority"u8;

    /// <summary>The request's path and query; RFC 9114 §4.3.1.</summary>
    public static ReadOnlySpan<byte> Path => ":path"u8;

    /// <summary>The protocol an extended CONNECT asks for; RFC 8441 §4, RFC 9220 §3.</summary>
    public static ReadOnlySpan<byte> Protocol => ":protocol"u8;

    /// <summary>The response's status code; RFC 9114 §4.3.2.</summary>
    public static ReadOnlySpan<byte> Status => ":status"u8;

    /// <summary>The request's host where <see cref="Authority"/> is absent; RFC 9110 §7.2.</summary>
    public static ReadOnlySpan<byte> Host => "host"u8;

    /// <summary>The body's length in bytes; RFC 9110 §8.6.</summary>
    public static ReadOnlySpan<byte> ContentLength => "content-length"u8;

    /// <summary>Whether the data stream is made of capsules; RFC 9297 §3.4.</summary>
    public static ReadOnlySpan<byte> CapsuleProtocol => "capsule-protocol"u8;

    /// <summary>The request's credentials; RFC 9110 §11.6.2.</summary>
    public static ReadOnlySpan<byte> Authorization => "authorization"u8;

    /// <summary>What the server says after successful authentication; RFC 9110 §11.6.3.</summary>
    public static ReadOnlySpan<byte> AuthenticationInfo => "authentication-info"u8;

    /// <summary>Whether credentials or a session may lie in the value, so that it is marked never-indexed.</summary>
    internal static bool IsSensitive(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(Authorization) || name.SequenceEqual(AuthenticationInfo) ||
        name.SequenceEqual("proxy-authorization"u8) || name.SequenceEqual("set-cookie"u8);

    /// <summary>The known name's number: its static-table index, or <see cref="StaticTable.Count"/> and up for the others; -1 when unknown.</summary>
    internal static int Find(ReadOnlySpan<byte> name)
    {
        int index = StaticTable.FindName(name);
        if (index >= 0) return index;
        for (int i = 0; i < OtherOctets.Length; i++)
            if (name.SequenceEqual(OtherOctets[i])) return StaticTable.Count + i;
        return -1;
    }

    internal static string ToText(int known, ReadOnlySpan<byte> name) => known switch
    {
        < 0 => Encoding.Latin1.GetString(name),
        < StaticTable.Count => StaticTable.NameText(known),
        _ => Others[known - StaticTable.Count],
    };
}
