namespace Vpr.Server.Http;

/// <summary>Removes "." and ".." from a decoded path, so that no file outside the website is ever asked for.</summary>
/// <remarks>RFC 3986 §5.2.4</remarks>
internal static class DotSegments
{
    /// <summary>The path without dot segments; it begins with a slash.</summary>
    public static string Remove(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal)) return path;
        var kept = new List<string>();
        string[] segments = path[1..].Split('/');
        for (int index = 0; index < segments.Length; index++)
        {
            bool last = index == segments.Length - 1;
            switch (segments[index])
            {
                case ".":
                    if (last) kept.Add("");
                    break;
                case "..":
                    if (kept.Count > 0) kept.RemoveAt(kept.Count - 1);
                    if (last) kept.Add("");
                    break;
                default:
                    kept.Add(segments[index]);
                    break;
            }
        }

        return "/" + string.Join('/', kept);
    }
}
