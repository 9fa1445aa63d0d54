using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Vpr.Wire.Generator.Tests.Incremental;

/// <summary>What an edit makes the generator do again, and what it keeps.</summary>
public sealed class CacheTests
{
    private const string Declared = """
        using Vpr.Wire;
        namespace Declared;

        [WireFamily(TypeEncoding.VarInt)]
        public static partial class Frame;

        [WireFormat, MemberOf(typeof(Frame), 0x10)]
        public readonly partial record struct MaxDataFrame([VarInt] ulong MaximumData);

        [WireFormat, MemberOf(typeof(Frame), 0x30, Flags = 1)]
        public readonly ref partial struct DatagramFrame
        {
            [TypeBit(1)] public bool HasLength { get; init; }
            [LengthPrefix(Prefix.VarInt, UnlessRest = nameof(HasLength))] public System.ReadOnlySpan<byte> Data { get; init; }
        }
        """;

    private const string Unrelated = "namespace Declared; public static class Other { public const int Number = 1; }";

    private static readonly string[] Steps =
        [WireFormatGenerator.StructStep, WireFormatGenerator.FamilyStep];

    [Fact]
    public void An_edit_elsewhere_leaves_every_step_cached()
    {
        GeneratorRunResult result = RunTwice(compilation =>
            compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Compilations.Tree(Unrelated.Replace("= 1", "= 2"), "Source1.cs")));

        AssertKept(result);
    }

    [Fact]
    public void A_new_file_leaves_every_step_cached()
    {
        GeneratorRunResult result = RunTwice(compilation =>
            compilation.AddSyntaxTrees(Compilations.Tree("namespace Declared; class Third;", "Source2.cs")));

        AssertKept(result);
    }

    [Fact]
    public void An_edit_that_moves_the_declarations_leaves_every_model_unchanged()
    {
        GeneratorRunResult result = RunTwice(compilation =>
            compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Compilations.Tree("// moved\n\n" + Declared, "Source0.cs")));

        AssertKept(result);
    }

    [Fact]
    public void An_edit_of_one_structure_changes_its_own_source_alone()
    {
        GeneratorRunResult result = RunTwice(compilation => compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[0], Compilations.Tree(Declared.Replace("MaximumData", "Maximum"), "Source0.cs")));

        IncrementalStepRunReason[] structures = [.. Reasons(result, WireFormatGenerator.StructStep)];
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], structures);
        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(result, WireFormatGenerator.FamilyStep));
    }

    [Fact]
    public void A_family_follows_its_members()
    {
        GeneratorRunResult result = RunTwice(compilation => compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[0], Compilations.Tree(Declared.Replace("0x10", "0x11"), "Source0.cs")));

        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, WireFormatGenerator.FamilyStep));
        Assert.Contains("case 0x11:", result.GeneratedSources.Single(source => source.HintName == "Declared.Frame.g.cs").SourceText.ToString());
    }

    [Fact]
    public void No_model_holds_on_to_the_compilation()
    {
        GeneratorRunResult result = Compilations.Driver().RunGenerators(Compilations.Of(Declared, Unrelated)).GetRunResult().Results.Single();

        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (string step in Steps)
        {
            foreach ((object value, _) in result.TrackedSteps[step].SelectMany(run => run.Outputs))
                AssertHoldsNoSymbol(value, seen);
        }
        Assert.NotEmpty(seen);
    }

    private static GeneratorRunResult RunTwice(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        CSharpCompilation before = Compilations.Of(Declared, Unrelated);
        GeneratorDriver driver = Compilations.Driver().RunGenerators(before);
        return driver.RunGenerators(edit(before)).GetRunResult().Results.Single();
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);

    private static void AssertKept(GeneratorRunResult result)
    {
        foreach (string step in Steps)
        {
            Assert.NotEmpty(Reasons(result, step));
            Assert.All(Reasons(result, step), reason =>
                Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {reason}"));
        }
        Assert.NotEmpty(result.TrackedOutputSteps);
        Assert.All(result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs), output =>
            Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"output: {output.Reason}"));
    }

    private static void AssertHoldsNoSymbol(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Compilation or SemanticModel or Location, value.GetType().FullName);
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
                AssertHoldsNoSymbol(item, seen);
            return;
        }
        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            AssertHoldsNoSymbol(field.GetValue(value), seen);
    }
}
