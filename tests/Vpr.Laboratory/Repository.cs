namespace Vpr.Laboratory;

/// <summary>Where things are in the checkout under test.</summary>
public static class Repository
{
    /// <summary>The checkout's root, found by its solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A published static binary.</summary>
    public static string Binary(string name) => Path.Combine(Root, "artifacts", "bin", name);

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Vpr.Engine.sln"))) return directory.FullName;
        }

        throw new InvalidOperationException("The tests run outside a checkout.");
    }
}
