using Microsoft.CodeAnalysis;

namespace Vpr.Wire.Generator.Tests.Diagnostics;

/// <summary>Each diagnostic, by id and by the very text that it points at, which each declaration marks with «».</summary>
public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("VPRW001", "[WireFormat] public readonly record struct «Whole»(byte Value);")]
    [InlineData("VPRW001", "[WireFormat] public readonly partial record struct «Generic»<T>(byte Value);")]
    [InlineData("VPRW001", "public partial class Outer { [WireFormat] public readonly partial record struct «Inner»(byte Value); }")]
    [InlineData("VPRW001", "[WireFamily(TypeEncoding.UInt8)] public static class «Whole»;")]
    [InlineData("VPRW002", "[WireFormat] public partial record struct «Mutable»(byte Value);")]
    [InlineData("VPRW002", "[WireFormat] public readonly partial struct «Plain» { public byte Value { get; init; } }")]
    [InlineData("VPRW003", "[WireFormat] public readonly partial record struct Signed(int «Value»);")]
    [InlineData("VPRW003", "[WireFormat] public readonly partial record struct Text(string «Value»);")]
    [InlineData("VPRW003", "public enum Signed { } [WireFormat] public readonly partial record struct Holder(Signed «Value»);")]
    [InlineData("VPRW003", "public readonly record struct Unmarked(ulong Value); [WireFormat] public readonly partial record struct Holder(Unmarked «Value»);")]
    [InlineData("VPRW004", "[WireFormat] public readonly partial record struct Uneven([Bits(3)] byte High, [Bits(4)] byte «Low», byte Next);")]
    [InlineData("VPRW004", "[WireFormat] public readonly partial record struct Uneven(bool «Flag»);")]
    [InlineData("VPRW004", "[WireFormat] public readonly partial record struct Long([Bits(7)] byte High, [Bits(60)] ulong «Low»);")]
    [InlineData("VPRW005", "[WireFormat] public readonly partial record struct Both([VarInt, «Bits(8)»] ulong Value);")]
    [InlineData("VPRW005", "[WireFormat] public readonly partial record struct Wrong([«Rest»] ulong Value);")]
    [InlineData("VPRW005", "[WireFormat] public readonly ref partial struct Wrong { [Length(1), «Rest»] public ReadOnlySpan<byte> Value { get; init; } }")]
    [InlineData("VPRW005", "[WireFormat] public readonly ref partial struct Wrong { [Rest, «VarInt»] public ReadOnlySpan<byte> Value { get; init; } }")]
    [InlineData("VPRW005", "[WireFormat] public readonly ref partial struct Wrong { public byte Count { get; init; } [«CountFrom(nameof(Count))»] public ReadOnlySpan<byte> Value { get; init; } }")]
    [InlineData("VPRW005", "[WireFormat] public readonly partial record struct Free([«TypeBit(1)»] bool Flag, byte Value);")]
    [InlineData("VPRW005", "[WireFormat] public readonly partial record struct Flag([«Between(0, 1)»] bool Value, [Bits(7)] byte More);")]
    [InlineData("VPRW005", "[WireFormat] public readonly partial record struct Two(byte Value) { public byte «More» { get; init; } }")]
    [InlineData("VPRW005", "[WireFormat] public readonly ref partial struct Wrong { [«LengthPrefix(Prefix.None)»] public ReadOnlySpan<byte> Value { get; init; } }")]
    [InlineData("VPRW005", "[WireFamily(TypeEncoding.External, Length = Prefix.UInt8)] public static partial class «Family»;")]
    [InlineData("VPRW006", "[WireFormat] public readonly ref partial struct Endless { public ReadOnlySpan<byte> «Value» { get; init; } }")]
    [InlineData("VPRW006", "[WireFormat] public readonly ref partial struct Endless { public WireScalarList<ushort> «Value» { get; init; } }")]
    [InlineData("VPRW007", "[WireFormat] public readonly partial record struct Heap([property: Rest] ReadOnlySpan<byte> «Value»);")]
    [InlineData("VPRW008", "[WireFormat] public readonly ref partial struct Early { [«LengthFrom(nameof(Size))»] public ReadOnlySpan<byte> Value { get; init; } public byte Size { get; init; } }")]
    [InlineData("VPRW008", "[WireFormat] public readonly partial record struct Number(byte Kind, [«When(\"Kind\")»] byte Value);")]
    [InlineData("VPRW008", "[WireFormat] public readonly partial record struct Flag(bool Kind, [Bits(7)] byte Other, [«When(\"Kind\", Is = 1)»] byte Value);")]
    [InlineData("VPRW008", "[WireFormat] public readonly ref partial struct Absent { [«LengthPrefix(Prefix.VarInt, UnlessRest = \"Flag\")»] public ReadOnlySpan<byte> Value { get; init; } }")]
    [InlineData("VPRW009", "[WireFormat] public readonly partial record struct Wide([«Constant(256)»] byte Value);")]
    [InlineData("VPRW009", "[WireFormat] public readonly partial record struct Wide([Bits(4), «Between(1, 16)»] byte Value, [Bits(4)] byte Other);")]
    [InlineData("VPRW009", "[WireFamily(TypeEncoding.UInt8)] public static partial class Family; [WireFormat, «MemberOf(typeof(Family), 0x100)»] public readonly partial record struct Member(byte Value);")]
    [InlineData("VPRW010", "[WireFormat] public readonly ref partial struct Behind { [Rest] public ReadOnlySpan<byte> Value { get; init; } public byte «Next» { get; init; } }")]
    [InlineData("VPRW010", "[WireFormat] public readonly ref partial struct Inner { [Rest] public ReadOnlySpan<byte> Value { get; init; } } [WireFormat] public readonly ref partial struct Outer { public Inner First { get; init; } public byte «Next» { get; init; } }")]
    [InlineData("VPRW011", "[WireFormat, «MemberOf(typeof(string), 1)»] public readonly partial record struct Member(byte Value);")]
    [InlineData("VPRW011", "[WireFamily(TypeEncoding.UInt8)] public partial class «Family»;")]
    [InlineData("VPRW012", "[WireFamily(TypeEncoding.UInt8)] public static partial class Family; [WireFormat, MemberOf(typeof(Family), 1)] public readonly partial record struct First(byte Value); [WireFormat, «MemberOf(typeof(Family), 1)»] public readonly partial record struct Second(byte Value);")]
    [InlineData("VPRW012", "[WireFamily(TypeEncoding.UInt8)] public static partial class Family; [WireFormat, MemberOf(typeof(Family), 8, Flags = 1)] public readonly partial record struct First([TypeBit(1)] bool Flag); [WireFormat, «MemberOf(typeof(Family), 9)»] public readonly partial record struct Second(byte Value);")]
    [InlineData("VPRW013", "[WireFamily(TypeEncoding.UInt8)] public static partial class Family; [WireFormat, MemberOf(typeof(Family), 8, Flags = 3)] public readonly partial record struct «Member»([TypeBit(1)] bool Flag);")]
    [InlineData("VPRW013", "[WireFamily(TypeEncoding.UInt8)] public static partial class Family; [WireFormat, MemberOf(typeof(Family), 8)] public readonly partial record struct «Member»([TypeBit(1)] bool Flag);")]
    [InlineData("VPRW013", "[WireFamily(TypeEncoding.UInt8)] public static partial class Family; [WireFormat, «MemberOf(typeof(Family), 9, Flags = 1)»] public readonly partial record struct Member([TypeBit(1)] bool Flag);")]
    [InlineData("VPRW013", "[WireFamily(TypeEncoding.VarInt)] public static partial class Family; [WireFormat, «MemberOf(typeof(Family), 0x0F, Flags = 0x40)»] public readonly partial record struct Member([TypeBit(0x40)] bool Flag);")]
    [InlineData("VPRW013", "[WireFamily(TypeEncoding.External)] public static partial class Family; [WireFormat, «MemberOf(typeof(Family), 8, Flags = 1)»] public readonly partial record struct Member([TypeBit(1)] bool Flag);")]
    [InlineData("VPRW014", "[WireFormat] public readonly partial record struct Fixed { [Bits(8)] public byte «Value» => 1; }")]
    [InlineData("VPRW015", "[WireFormat] public readonly partial record struct Width([«UInt(24)»] ushort Value);")]
    [InlineData("VPRW015", "[WireFormat] public readonly partial record struct Width([«UInt(12)»] ushort Value);")]
    [InlineData("VPRW015", "[WireFormat] public readonly partial record struct Width([«VarInt»] uint Value);")]
    [InlineData("VPRW015", "[WireFormat] public readonly partial record struct Width([«Bits(16)»] byte Value);")]
    [InlineData("VPRW016", "[WireFormat] public readonly partial record struct «Nothing»;")]
    [InlineData("VPRW017", "[WireFormat(LittleEndian = true)] public readonly partial record struct Kernel([«UInt(24)»] uint Value);")]
    [InlineData("VPRW017", "[WireFormat(LittleEndian = true)] public readonly partial record struct Kernel([Bits(4)] byte High, [Bits(12)] ushort «Low»);")]
    [InlineData("VPRW017", "[WireFormat(LittleEndian = true)] public readonly ref partial struct Kernel { [Rest] public WireScalarList<ushort> «Value» { get; init; } }")]
    [InlineData("VPRW018", "[«WireFormat(Valid = \"IsRight\")»] public readonly partial record struct Rule(byte Value);")]
    [InlineData("VPRW018", "[WireFormat] public readonly ref partial struct Mapped { public byte Kind { get; init; } [«LengthFrom(nameof(Kind), Map = \"Size\")»] public ReadOnlySpan<byte> Value { get; init; } }")]
    [InlineData("VPRW019", "[WireFamily(TypeEncoding.UInt8)] public static partial class One; [WireFamily(TypeEncoding.UInt16)] public static partial class Two; [WireFormat, MemberOf(typeof(One), 1), «MemberOf(typeof(Two), 1)»] public readonly partial record struct Member(byte Value);")]
    [InlineData("VPRW020", "[WireFormat] public readonly partial record struct Empty([«Between(2, 1)»] byte Value);")]
    [InlineData("VPRW020", "[WireFormat] public readonly ref partial struct Empty { [«LengthPrefix(Prefix.UInt8, Min = 256)»] public ReadOnlySpan<byte> Value { get; init; } }")]
    public void A_mistake_is_reported_where_it_is(string id, string marked)
    {
        const string Header = "using System; using Vpr.Wire; namespace Declared;\n";
        int start = marked.IndexOf('«');
        string expected = marked[(start + 1)..marked.IndexOf('»')];
        string source = Header + marked.Replace("«", "").Replace("»", "");

        Diagnostic[] found = [.. Run(source)];

        Diagnostic diagnostic = Assert.Single(found);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal("Source0.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(expected, source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal(Header.Length + start, diagnostic.Location.SourceSpan.Start);
        Assert.DoesNotContain("{", diagnostic.GetMessage());
    }

    [Fact]
    public void Every_diagnostic_has_an_id_of_its_own_and_a_case_above()
    {
        string[] declared = [.. typeof(Generator.Diagnostics).GetFields().Select(field => ((DiagnosticDescriptor)field.GetValue(null)!).Id)];
        Assert.Equal(declared.Distinct(), declared);
        IEnumerable<string> tested = typeof(DiagnosticTests).GetMethod(nameof(A_mistake_is_reported_where_it_is))!
            .GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(declared.Order(), tested.Distinct().Order());
    }

    [Fact]
    public void A_mistake_in_one_structure_leaves_the_others_alone()
    {
        GeneratorDriver driver = Compilations.Driver().RunGenerators(Compilations.Of("""
            using Vpr.Wire;
            [WireFormat] public readonly partial record struct Wrong(int Value);
            [WireFormat] public readonly partial record struct Right(uint Value);
            """));
        Assert.Equal("Right.g.cs", Assert.Single(driver.GetRunResult().GeneratedTrees).FilePath.Split('/', '\\')[^1]);
    }

    private static IEnumerable<Diagnostic> Run(string source) =>
        Compilations.Driver().RunGenerators(Compilations.Of(source)).GetRunResult().Diagnostics;
}
