using System.Buffers;

namespace Vpr.Http3;

/// <summary>What a request asks, read from a header section that obeys the rules; the section keeps all other fields.</summary>
/// <remarks>RFC 9114 §4.3.1, RFC 9220 §3</remarks>
/// <param name="Method">The method, in its own case.</param>
/// <param name="Scheme">The scheme; empty for a plain CONNECT.</param>
/// <param name="Authority">Host and port, from :authority or else from Host; empty where the scheme needs none.</param>
/// <param name="Path">Path and query; empty for a plain CONNECT.</param>
/// <param name="Protocol">The protocol of an extended CONNECT, otherwise null.</param>
/// <param name="ContentLength">The body's announced length in bytes, or null.</param>
public readonly record struct RequestHead(
    string Method, string Scheme, string Authority, string Path, string? Protocol, long? ContentLength)
{
    private static readonly SearchValues<byte> MethodOctets = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> SchemeOctets = SearchValues.Create(
        "+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>Visible ASCII without the characters that cannot stand in an authority or path: blanks, controls, and '#'.</summary>
    private static readonly SearchValues<byte> TargetOctets = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Whether the request is a CONNECT, plain or extended: its body is a stream of bytes both ways.</summary>
    public bool IsConnect => Method == "CONNECT";

    /// <summary>Reads and judges a request's header section.</summary>
    /// <param name="section">The decoded section.</param>
    /// <param name="extendedConnect">Whether :protocol may be there: our settings said so (RFC 9220 §3).</param>
    /// <param name="head">The request when the result is true.</param>
    /// <returns>False when the request is malformed: a stream error H3_MESSAGE_ERROR; RFC 9114 §4.1.2.</returns>
    public static bool TryRead(FieldSection section, bool extendedConnect, out RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(section);
        head = default;
        if (!Pseudo.TryFind(section, out Pseudo pseudo) || pseudo.Method < 0) return false;

        FieldLine method = section[pseudo.Method];
        if (method.Value.IsEmpty || method.Value.ContainsAnyExcept(MethodOctets)) return false;
        bool isConnect = method.Value.SequenceEqual("CONNECT"u8);
        if (pseudo.Protocol >= 0 && (!extendedConnect || !isConnect || section[pseudo.Protocol].Value.IsEmpty)) return false;

        // RFC 9114 §4.4: a plain CONNECT has neither scheme nor path; RFC 8441 §4: an extended one has both, and an authority.
        bool plainConnect = isConnect && pseudo.Protocol < 0;
        if (plainConnect != (pseudo.Scheme < 0) || plainConnect != (pseudo.Path < 0)) return false;
        if (isConnect && pseudo.Authority < 0) return false;
        if (!TryReadAuthority(section, pseudo, out string authority)) return false;

        string scheme = "";
        string path = "";
        if (!plainConnect)
        {
            scheme = section[pseudo.Scheme].ValueText;
            path = section[pseudo.Path].ValueText;
            if (!IsScheme(section[pseudo.Scheme].Value)) return false;
            bool isHttp = scheme is "https" or "http";
            if (isHttp && (authority.Length == 0 || !IsHttpPath(section[pseudo.Path].Value, method.Value))) return false;
        }
        else if (!HasPort(authority)) return false;

        if (!FieldRules.TryReadContentLength(section, out long? contentLength)) return false;
        head = new RequestHead(
            method.ValueText, scheme, authority, path, pseudo.Protocol < 0 ? null : section[pseudo.Protocol].ValueText, contentLength);
        return true;
    }

    /// <summary>Reads :authority and Host, which must agree when both are there.</summary>
    /// <remarks>RFC 9114 §4.3.1</remarks>
    private static bool TryReadAuthority(FieldSection section, in Pseudo pseudo, out string authority)
    {
        authority = "";
        int host = section.IndexOf(FieldNames.Host, 0);
        if (host >= 0 && section.IndexOf(FieldNames.Host, host + 1) >= 0) return false;
        int index = pseudo.Authority >= 0 ? pseudo.Authority : host;
        if (index < 0) return true;
        ReadOnlySpan<byte> value = section[index].Value;
        if (pseudo.Authority >= 0 && host >= 0 && !value.SequenceEqual(section[host].Value)) return false;

        // Userinfo is not permitted; what else an authority cannot hold would let one host pass for another.
        if (value.IsEmpty || value.ContainsAnyExcept(TargetOctets) || value.ContainsAny("@/?\\"u8)) return false;
        authority = section[index].ValueText;
        return true;
    }

    private static bool IsScheme(ReadOnlySpan<byte> scheme) =>
        !scheme.IsEmpty && !scheme.ContainsAnyExcept(SchemeOctets) && char.IsAsciiLetter((char)scheme[0]);

    /// <summary>Whether a path begins with a slash, or is the asterisk of OPTIONS.</summary>
    private static bool IsHttpPath(ReadOnlySpan<byte> path, ReadOnlySpan<byte> method) =>
        path is [(byte)'*'] ? method.SequenceEqual("OPTIONS"u8) : path is [(byte)'/', ..] && !path.ContainsAnyExcept(TargetOctets);

    /// <summary>Whether an authority ends in a port, as CONNECT needs; RFC 9110 §9.3.6.</summary>
    private static bool HasPort(string authority)
    {
        int colon = authority.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(authority.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out _);
    }

    /// <summary>Where the pseudo-header fields stand in a section; -1 for one that is absent.</summary>
    private struct Pseudo
    {
        public int Method, Scheme, Authority, Path, Protocol;

        /// <summary>Finds each pseudo-header field once and in front of the regular lines, which are judged on the way.</summary>
        public static bool TryFind(FieldSection section, out Pseudo pseudo)
        {
            pseudo = new Pseudo { Method = -1, Scheme = -1, Authority = -1, Path = -1, Protocol = -1 };
            bool regular = false;
            for (int i = 0; i < section.Count; i++)
            {
                FieldLine line = section[i];
                if (!line.IsPseudoHeader)
                {
                    regular = true;
                    if (!FieldRules.IsRegularLine(line)) return false;
                    continue;
                }

                // RFC 9114 §4.3: pseudo-header fields come first, once each, and only those that are defined.
                if (regular || !FieldRules.IsValue(line.Value) || !pseudo.TrySet(line.Name, i)) return false;
            }

            return true;
        }

        private bool TrySet(ReadOnlySpan<byte> name, int index) =>
            name.SequenceEqual(FieldNames.Method) ? TrySet(ref Method, index)
            : name.SequenceEqual(FieldNames.Path) ? TrySet(ref Path, index)
            : name.SequenceEqual(FieldNames.Scheme) ? TrySet(ref Scheme, index)
            : name.SequenceEqual(FieldNames.Authority) ? TrySet(ref Authority, index)
            : name.SequenceEqual(FieldNames.Protocol) && TrySet(ref Protocol, index);

        private static bool TrySet(ref int field, int index)
        {
            if (field >= 0) return false;
            field = index;
            return true;
        }
    }
}
