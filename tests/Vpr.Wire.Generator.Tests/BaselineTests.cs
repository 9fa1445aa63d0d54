namespace Vpr.Wire.Generator.Tests;

/// <summary>
/// Emitted code, compared with what has been read and found good. To accept a change, run with VPR_UPDATE_BASELINES set to the
/// folder of the baselines in the source tree, and read the difference before committing it.
/// </summary>
public sealed class BaselineTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Emitted = new(() => Compilations.Emit(
        [Usings, .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Samples"), "*.cs").Order().Select(File.ReadAllText)]));

    private const string Usings = "global using System; global using Vpr.Wire;";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Baselines");

    public static TheoryData<string> Baselines() => [.. Directory.EnumerateFiles(Folder, "*.g.cs.txt").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory, MemberData(nameof(Baselines))]
    public void Emitted_code_is_the_baseline(string hintName)
    {
        string expected = File.ReadAllText(Path.Combine(Folder, hintName + ".txt"));
        Assert.Equal(expected, Emitted.Value[hintName]);
    }

    [Fact]
    public void Every_sample_has_a_baseline()
    {
        if (Environment.GetEnvironmentVariable("VPR_UPDATE_BASELINES") is { Length: > 0 } folder)
        {
            foreach ((string hintName, string text) in Emitted.Value)
                File.WriteAllText(Path.Combine(folder, hintName + ".txt"), text);
        }
        Assert.Equal(Emitted.Value.Keys.Order(), Directory.EnumerateFiles(Folder, "*.g.cs.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order());
    }

    [Fact]
    public void Emitted_code_has_no_pragma_and_no_cast_to_object()
    {
        Assert.All(Emitted.Value.Values, text =>
        {
            Assert.DoesNotContain("#pragma", text);
            Assert.DoesNotContain("(object)", text);
            Assert.DoesNotContain("new byte[", text);
        });
    }
}
