using Vpr.Fuzz.Generation;
using Vpr.Fuzz.Targets;

namespace Vpr.Wire.Tests.Structures;

/// <summary>Both sides of every limit that a declaration names.</summary>
public class BoundaryTests
{
    // Both sides of each change of length (RFC 9000 §16).
    private static readonly ulong[] VarIntBoundaries = [0, 63, 64, 16383, 16384, (1UL << 30) - 1, 1UL << 30, (1UL << 62) - 1];

    /// <summary>Structure and part of every variable-length integer.</summary>
    public static TheoryData<string, string> VarInts => Parts(part => part.VarInt is not null);

    /// <summary>Structure and part of everything with a range.</summary>
    public static TheoryData<string, string> Ranges => Parts(part => part.Between is not null);

    /// <summary>Structure and part of everything with one value alone.</summary>
    public static TheoryData<string, string> Constants => Parts(part => part.Constant is not null);

    /// <summary>Structure and part of every span behind its length.</summary>
    public static TheoryData<string, string> PrefixedSpans =>
        Parts(part => part is { Kind: PartKind.Span or PartKind.ScalarList, LengthPrefix: { UnlessRest: null } });

    /// <summary>Structure and part of every list that may not be empty.</summary>
    public static TheoryData<string, string> NonEmptyLists => Parts(part => part is { Kind: PartKind.List, LengthPrefix.Min: > 0 });

    [Theory]
    [MemberData(nameof(VarInts))]
    [Trait("rfc", "9000 §16")]
    public void AVarIntIsReadInEveryLengthAndWrittenInTheShortest(string structure, string name)
    {
        (StructureGenerator generator, StructureHarness harness) = StructureTests.Find(structure);
        DeclaredPart part = generator.Parts.Single(candidate => candidate.Name == name);
        // How many elements follow is not free.
        bool isCount = generator.Parts.Any(other => other.CountFrom?.Part == name);
        foreach (ulong value in isCount ? [0] : VarIntBoundaries.Where(value => IsAllowed(part, value)))
        {
            foreach (int atLeast in (int[])[1, 2, 4, 8])
            {
                byte[] shortest = StructureTests.Generate(generator, 1, new Forced(name, value)).Single();
                byte[] encoding = StructureTests.Generate(generator, 1, new Forced(name, value, atLeast)).Single();
                if (!harness.TryParse(encoding, out int consumed))
                {
                    Assert.True(generator.MayFail, $"{name} = {value} in {atLeast} bytes is refused: {Convert.ToHexString(encoding)}");
                    continue;
                }
                Assert.Equal(encoding.Length, consumed);
                Assert.Equal(shortest, harness.Rewrite(encoding));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void ARangeEndsWhereItSays(string structure, string name)
    {
        (StructureGenerator generator, StructureHarness harness) = StructureTests.Find(structure);
        DeclaredPart part = generator.Parts.Single(candidate => candidate.Name == name);
        UInt128 most = part.VarInt is not null ? VarInt.Max : ((UInt128)1 << part.Width) - 1;
        Assert.True(Reads(part.Between!.Minimum) || generator.MayFail, "The least is refused.");
        Assert.True(Reads(part.Between.Maximum) || generator.MayFail, "The greatest is refused.");
        if (part.Between.Minimum > 0)
            Assert.False(Reads(part.Between.Minimum - 1), "One below is read.");
        if (part.Between.Maximum < most)
            Assert.False(Reads(part.Between.Maximum + 1), "One above is read.");

        bool Reads(UInt128 value) =>
            StructureTests.Generate(generator, 20, new Forced(name, value)).Any(encoding => harness.TryParse(encoding, out _));
    }

    [Theory]
    [MemberData(nameof(Constants))]
    public void AConstantHasNoOtherValue(string structure, string name)
    {
        (StructureGenerator generator, StructureHarness harness) = StructureTests.Find(structure);
        DeclaredPart part = generator.Parts.Single(candidate => candidate.Name == name);
        for (int bit = 0; bit < part.Width; bit++)
        {
            UInt128 wrong = part.Constant!.Value ^ ((UInt128)1 << bit);
            Assert.All(StructureTests.Generate(generator, 5, new Forced(name, wrong)), encoding => Assert.False(harness.TryParse(encoding, out _)));
        }
    }

    [Theory]
    [MemberData(nameof(PrefixedSpans))]
    public void ALengthEndsWhereItSays(string structure, string name)
    {
        (StructureGenerator generator, StructureHarness harness) = StructureTests.Find(structure);
        DeclaredPart part = generator.Parts.Single(candidate => candidate.Name == name);
        LengthPrefixAttribute prefix = part.LengthPrefix!;
        int unit = part.Kind == PartKind.ScalarList ? part.Width / 8 : 1;
        int capacity = prefix.Prefix switch
        {
            Prefix.UInt8 => 255,
            // Within an envelope of 16 bits, the whole body has to fit.
            Prefix.UInt16 when generator.HasEnvelopeLength => 65_000,
            Prefix.UInt16 => 65_535,
            _ => 70_000,
        };
        int most = Math.Min(prefix.Max, capacity) / unit * unit;
        foreach (int length in (int[])[prefix.Min, most, .. ((int[])[62, 64, 256, 16382, 16384]).Where(length => length >= prefix.Min && length <= most)])
            Assert.True(Reads(length) || generator.MayFail, $"{length} bytes are refused.");
        if (prefix.Min > 0)
            Assert.False(Reads(prefix.Min - unit), "Fewer bytes are read.");
        if (prefix.Max < capacity)
            Assert.False(Reads(most + unit), "More bytes are read.");

        bool Reads(int length) =>
            StructureTests.Generate(generator, 4, new Forced(name, Length: length)).Any(encoding => harness.TryParse(encoding, out _));
    }

    [Theory]
    [MemberData(nameof(NonEmptyLists))]
    public void AListThatMustNotBeEmptyIsNot(string structure, string name)
    {
        (StructureGenerator generator, StructureHarness harness) = StructureTests.Find(structure);
        Assert.All(
            StructureTests.Generate(generator, 20, new Forced(name, Length: 0)),
            encoding => Assert.False(harness.TryParse(encoding, out _)));
    }

    private static bool IsAllowed(DeclaredPart part, ulong value) =>
        part.Between is null || (value >= part.Between.Minimum && value <= part.Between.Maximum);

    private static TheoryData<string, string> Parts(Func<DeclaredPart, bool> wanted)
    {
        var data = new TheoryData<string, string>();
        foreach (Type structure in TargetCatalog.Structures)
        {
            foreach (DeclaredPart part in StructureGenerator.For(structure).Parts.Where(wanted))
                data.Add(structure.FullName!, part.Name);
        }
        return data;
    }
}
