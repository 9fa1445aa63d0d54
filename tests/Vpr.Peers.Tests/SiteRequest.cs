namespace Vpr.Peers.Tests;

/// <summary>A request for the website, whichever protocol brings it.</summary>
internal sealed record SiteRequest(string Method, string Path, params (string Name, string Value)[] Fields)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path} {string.Join(", ", Fields.Select(field => $"{field.Name}: {field.Value}"))}".TrimEnd();
}
