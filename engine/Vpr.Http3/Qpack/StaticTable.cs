using System.Text;

namespace Vpr.Http3;

/// <summary>The 99 field lines that both ends know, with look-up by index and by content.</summary>
/// <remarks>RFC 9204 §3.1 and Appendix A. Index 0 is the first.</remarks>
internal static class StaticTable
{
    /// <summary>How many entries there are.</summary>
    public const int Count = 99;

    private static readonly (string Name, string Value)[] Text =
    [
        (":authority", ""), (":path", "/"), ("age", "0"), ("content-disposition", ""), ("content-length", "0"),
        ("cookie", ""), ("date", ""), ("etag", ""), ("if-modified-since", ""), ("if-none-match", ""),
        ("last-modified", ""), ("link", ""), ("location", ""), ("referer", ""), ("set-cookie", ""),
        (":method", "CONNECT"), (":method", "DELETE"), (":method", "GET"), (":method", "HEAD"), (":method", "OPTIONS"),
        (":method", "POST"), (":method", "PUT"), (":scheme", "http"), (":scheme", "https"), (":status", "103"),
        (":status", "200"), (":status", "304"), (":status", "404"), (":status", "503"), ("accept", "*/*"),
        ("accept", "application/dns-message"), ("accept-encoding", "gzip, deflate, br"), ("accept-ranges", "bytes"),
        ("access-control-allow-headers", "cache-control"), ("access-control-allow-headers", "content-type"),
        ("access-control-allow-origin", "*"), ("cache-control", "max-age=0"), ("cache-control", "max-age=2592000"),
        ("cache-control", "max-age=604800"), ("cache-control", "no-cache"), ("cache-control", "no-store"),
        ("cache-control", "public, max-age=31536000"), ("content-encoding", "br"), ("content-encoding", "gzip"),
        ("content-type", "application/dns-message"), ("content-type", "application/javascript"),
        ("content-type", "application/json"), ("content-type", "application/x-www-form-urlencoded"),
        ("content-type", "image/gif"), ("content-type", "image/jpeg"), ("content-type", "image/png"),
        ("content-type", "text/css"), ("content-type", "text/html; charset=utf-8"), ("content-type", "text/plain"),
        ("content-type", "text/plain;charset=utf-8"), ("range", "bytes=0-"), ("strict-transport-security", "max-age=31536000"),
        ("strict-transport-security", "max-age=31536000; includesubdomains"),
        ("strict-transport-security", "max-age=31536000; includesubdomains; preload"), ("vary", "accept-encoding"),
        ("vary", "origin"), ("x-content-type-options", "nosniff"), ("x-xss-protection", "1; mode=block"), (":status", "100"),
        (":status", "204"), (":status", "206"), (":status", "302"), (":status", "400"), (":status", "403"), (":status", "421"),
        (":status", "425"), (":status", "500"), ("accept-language", ""), ("access-control-allow-credentials", "FALSE"),
        ("access-control-allow-credentials", "TRUE"), ("access-control-allow-headers", "*"),
        ("access-control-allow-methods", "get"), ("access-control-allow-methods", "get, post, options"),
        ("access-control-allow-methods", "options"), ("access-control-expose-headers", "content-length"),
        ("access-control-request-headers", "content-type"), ("access-control-request-method", "get"),
        ("access-control-request-method", "post"), ("alt-svc", "clear"), ("authorization", ""),
        ("content-security-policy", "script-src 'none'; object-src 'none'; base-uri 'none'"), ("early-data", "1"),
        ("expect-ct", ""), ("forwarded", ""), ("if-range", ""), ("origin", ""), ("purpose", "prefetch"), ("server", ""),
        ("timing-allow-origin", "*"), ("upgrade-insecure-requests", "1"), ("user-agent", ""), ("x-forwarded-for", ""),
        ("x-frame-options", "deny"), ("x-frame-options", "sameorigin"),
    ];

    private static readonly byte[][] Names = Encode(static entry => entry.Name);
    private static readonly byte[][] Values = Encode(static entry => entry.Value);

    /// <summary>A hash table with open addressing over the first index of each name; 0 is empty, otherwise index + 1.</summary>
    private static readonly byte[] Slots = BuildSlots();

    /// <summary>The name at <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public static ReadOnlySpan<byte> Name(int index) => Names[index];

    /// <summary>The value at <paramref name="index"/>.</summary>
    public static ReadOnlySpan<byte> Value(int index) => Values[index];

    /// <summary>The name at <paramref name="index"/> as the one string that stands for it.</summary>
    public static string NameText(int index) => Text[index].Name;

    /// <summary>The value at <paramref name="index"/> as the one string that stands for it.</summary>
    public static string ValueText(int index) => Text[index].Value;

    /// <summary>The lowest index with this name, or -1.</summary>
    public static int FindName(ReadOnlySpan<byte> name)
    {
        for (int slot = Hash(name); Slots[slot] != 0; slot = (slot + 1) & (Slots.Length - 1))
            if (name.SequenceEqual(Names[Slots[slot] - 1])) return Slots[slot] - 1;
        return -1;
    }

    /// <summary>The index with this name and value, or -1.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The field's value.</param>
    /// <param name="nameIndex">The lowest index with this name alone, or -1.</param>
    public static int Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, out int nameIndex)
    {
        nameIndex = FindName(name);
        if (nameIndex < 0) return -1;
        for (int index = nameIndex; index < Count; index++)
            if (value.SequenceEqual(Values[index]) && name.SequenceEqual(Names[index])) return index;
        return -1;
    }

    private static byte[][] Encode(Func<(string Name, string Value), string> part) =>
        Array.ConvertAll(Text, entry => Encoding.ASCII.GetBytes(part(entry)));

    private static byte[] BuildSlots()
    {
        byte[] slots = new byte[256];
        for (int index = 0; index < Count; index++)
        {
            int slot = Hash(Names[index]);
            while (slots[slot] != 0 && !Names[slots[slot] - 1].AsSpan().SequenceEqual(Names[index])) slot = (slot + 1) & 255;
            if (slots[slot] == 0) slots[slot] = (byte)(index + 1);
        }

        return slots;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte octet in name) hash = (hash ^ octet) * 16777619;
        return (int)((hash ^ hash >> 16) & 255);
    }
}
