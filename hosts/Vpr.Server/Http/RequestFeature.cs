using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Vpr.Http3;

namespace Vpr.Server.Http;

/// <summary>An HTTP/3 request in the form that ASP.NET Core takes from every server.</summary>
internal static class RequestFeature
{
    /// <summary>Copies a request's head; the stream's fields may change afterwards.</summary>
    public static HttpRequestFeature Create(in RequestHead head, FieldSection fields)
    {
        int query = head.Path.IndexOf('?');
        string path = query < 0 ? head.Path : head.Path[..query];
        var feature = new HttpRequestFeature
        {
            Method = head.Method,
            Scheme = head.Scheme,
            Protocol = HttpProtocol.Http3,
            RawTarget = head.Path.Length > 0 ? head.Path : head.Authority,
            Path = path.StartsWith('/') ? DotSegments.Remove(PathString.FromUriComponent(path).Value!) : "",
            QueryString = query < 0 ? "" : head.Path[query..],
        };
        for (int index = 0; index < fields.Count; index++)
        {
            FieldLine line = fields[index];
            if (line.IsPseudoHeader) continue;
            string name = line.NameText;
            feature.Headers[name] = StringValues.Concat(feature.Headers[name], line.ValueText);
        }

        if (head.Authority.Length > 0) feature.Headers.Host = head.Authority;
        if (fields.TryJoin("cookie"u8, out string? cookie)) feature.Headers.Cookie = cookie;
        return feature;
    }
}
