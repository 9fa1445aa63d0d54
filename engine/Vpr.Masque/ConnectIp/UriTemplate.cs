using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vpr.Masque;

/// <summary>A URI template of the kind that configures a MASQUE client: literals, and expressions in path and query.</summary>
/// <remarks>RFC 6570 up to level 3, without the operators that RFC 9484 §3 excludes: what is left are {a,b}, {?a,b} and {&amp;a,b}.</remarks>
public sealed class UriTemplate
{
    /// <summary>The path of a proxy that says nothing else.</summary>
    /// <remarks>RFC 9484 §3</remarks>
    public const string DefaultPath = "/.well-known/masque/ip/{target}/{ipproto}/";

    private readonly string _pathAndQuery;

    private UriTemplate(string scheme, string authority, string pathAndQuery) =>
        (Scheme, Authority, _pathAndQuery) = (scheme, authority, pathAndQuery);

    /// <summary>The scheme, such as "https".</summary>
    public string Scheme { get; }

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    /// <summary>Reads a template and checks it.</summary>
    /// <remarks>RFC 9484 §3: absolute, with scheme, authority and path; printable ASCII; no expression in front of the path.</remarks>
    /// <param name="text">The template, such as "https://example.org/.well-known/masque/ip/{target}/{ipproto}/".</param>
    /// <param name="template">The template when the result is true.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UriTemplate? template)
    {
        template = null;
        if (text is null || text.AsSpan().IndexOfAnyExceptInRange('\x21', '\x7e') >= 0) return false;
        int authority = text.IndexOf("://", StringComparison.Ordinal);
        if (authority <= 0) return false;
        int path = text.IndexOf('/', authority + 3);
        int firstExpression = text.IndexOf('{');
        if (path <= authority + 3 || (firstExpression >= 0 && firstExpression < path) || text.Contains('#')) return false;
        if (!AreExpressionsPermitted(text)) return false;
        template = new UriTemplate(text[..authority], text[(authority + 3)..path], text[path..]);
        return true;
    }

    /// <summary>The :path of a request.</summary>
    /// <param name="variables">Names and values; a variable that is not given is left out, as RFC 6570 §3.2.1 says of undefined ones.</param>
    public string Expand(params ReadOnlySpan<KeyValuePair<string, string>> variables)
    {
        StringBuilder result = new();
        ReadOnlySpan<char> rest = _pathAndQuery;
        while (rest.IndexOf('{') is >= 0 and int open)
        {
            int close = rest.IndexOf('}');
            result.Append(rest[..open]);
            AppendExpression(result, rest[(open + 1)..close], variables);
            rest = rest[(close + 1)..];
        }

        return result.Append(rest).ToString();
    }

    private static bool AreExpressionsPermitted(ReadOnlySpan<char> rest)
    {
        while (rest.IndexOfAny('{', '}') is >= 0 and int open)
        {
            if (rest[open] == '}') return false;
            rest = rest[(open + 1)..];
            int close = rest.IndexOf('}');
            if (close < 0) return false;
            ReadOnlySpan<char> expression = rest[..close];
            if (!expression.IsEmpty && expression[0] is '?' or '&') expression = expression[1..];
            foreach (Range part in expression.Split(','))
            {
                ReadOnlySpan<char> name = expression[part];
                if (name.IsEmpty) return false;
                foreach (char letter in name)
                    if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.')) return false; // also +, #, /, ; and modifiers
            }

            rest = rest[(close + 1)..];
        }

        return true;
    }

    private static void AppendExpression(StringBuilder result, ReadOnlySpan<char> expression, ReadOnlySpan<KeyValuePair<string, string>> variables)
    {
        char form = expression[0] is '?' or '&' ? expression[0] : '\0';
        if (form != '\0') expression = expression[1..];
        bool first = true;
        foreach (Range part in expression.Split(','))
        {
            ReadOnlySpan<char> name = expression[part];
            foreach (KeyValuePair<string, string> variable in variables)
            {
                if (!name.SequenceEqual(variable.Key)) continue;
                if (form != '\0') result.Append(first ? form : '&').Append(name).Append('=');
                else if (!first) result.Append(',');
                AppendValue(result, variable.Value);
                first = false;
                break;
            }
        }
    }

    /// <summary>Percent-encodes what is not unreserved; the wildcard stays as the examples of RFC 9484 §4.4 have it.</summary>
    private static void AppendValue(StringBuilder result, string value) => result.Append(value == "*" ? value : Uri.EscapeDataString(value));
}
