using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Vpr.Wire.Generator.Emitting;
using Vpr.Wire.Generator.Model;
using Vpr.Wire.Generator.Parsing;

namespace Vpr.Wire.Generator;

/// <summary>Writes the parsers, writers and dispatchers of the structures declared with the attributes of <c>Vpr.Wire</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class WireFormatGenerator : IIncrementalGenerator
{
    internal const string StructStep = "Structures";
    internal const string FamilyStep = "Families";
    internal const string DiagnosticStep = "Diagnostics";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<Parsed<StructModel>> structures = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Vpr.Wire.WireFormatAttribute", static (node, _) => node is StructDeclarationSyntax or RecordDeclarationSyntax, StructParser.Parse);
        IncrementalValuesProvider<Parsed<FamilyDeclaration>> families = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Vpr.Wire.WireFamilyAttribute", static (node, _) => node is ClassDeclarationSyntax, FamilyParser.Parse);

        IncrementalValuesProvider<StructModel> models = structures
            .Select(static (parsed, _) => parsed.Model).Where(static model => model is not null).Select(static (model, _) => model!)
            .WithTrackingName(StructStep);
        IncrementalValueProvider<EquatableArray<FamilyMember>> members = models
            .SelectMany(static (model, _) => FamilyParser.MembersOf(model)).Collect()
            .Select(static (all, _) => all.ToEquatableArray());
        IncrementalValuesProvider<FamilyModel> gathered = families
            .Select(static (parsed, _) => parsed.Model).Where(static model => model is not null)
            .Combine(members)
            .Select(static (pair, _) => FamilyParser.Gather(pair.Left!, pair.Right))
            .WithTrackingName(FamilyStep);

        context.RegisterSourceOutput(models, static (output, model) => Add(output, model.HintName, StructEmitter.Emit(model)));
        context.RegisterSourceOutput(gathered, static (output, model) =>
            Add(output, FamilyEmitter.HintName(model.Declaration), FamilyEmitter.Emit(model)));

        // Diagnostics carry places, which move with every edit above them: their path is their own, so that sources stay cached.
        IncrementalValuesProvider<DiagnosticInfo> diagnostics = structures
            .SelectMany(static (parsed, _) => parsed.Diagnostics)
            .WithTrackingName(DiagnosticStep);
        context.RegisterSourceOutput(diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        context.RegisterSourceOutput(families.SelectMany(static (parsed, _) => parsed.Diagnostics),
            static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
        context.RegisterSourceOutput(structures.SelectMany(static (parsed, _) => parsed.Members).Collect(),
            static (output, places) => DuplicateTypes.Report(output, places));
    }

    private static void Add(SourceProductionContext output, string hintName, string text) =>
        output.AddSource(hintName, SourceText.From(text, Utf8));
}
