namespace Vpr.Perf.Lab;

/// <summary>The checkout that a directory lies in.</summary>
internal static class SourceTree
{
    private const string Mark = "Vpr.Engine.sln";

    /// <summary>Its root, or null when there is none.</summary>
    public static string? Find(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Mark))) return at.FullName;
        }

        return null;
    }
}
