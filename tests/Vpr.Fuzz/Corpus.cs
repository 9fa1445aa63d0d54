namespace Vpr.Fuzz;

/// <summary>The committed inputs.</summary>
internal static class Corpus
{
    /// <summary>Where they lie beside the program.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>The inputs of a target, in the order of their names; none where it has no directory.</summary>
    public static byte[][] Of(string target)
    {
        string directory = Path.Combine(Directory, target);
        return System.IO.Directory.Exists(directory)
            ? [.. System.IO.Directory.GetFiles(directory, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : [];
    }
}
