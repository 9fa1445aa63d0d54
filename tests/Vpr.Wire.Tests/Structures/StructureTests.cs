using Vpr.Fuzz;
using Vpr.Fuzz.Generation;
using Vpr.Fuzz.Targets;

namespace Vpr.Wire.Tests.Structures;

/// <summary>What holds of every declared structure; encodings come from the declaration's attributes, not from the emitted writer.</summary>
public class StructureTests
{
    private const ulong Seed = 1;
    private const int Encodings = 200;

    /// <summary>The full names of all declared structures.</summary>
    public static TheoryData<string> Structures => [.. TargetCatalog.Structures.Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Structures))]
    public void WhatTheDeclarationAllowsIsReadAndWrittenBack(string structure)
    {
        (StructureGenerator generator, StructureHarness harness) = Find(structure);
        int read = 0;
        foreach (byte[] encoding in Generate(generator, Encodings))
        {
            if (!harness.TryParse(encoding, out int consumed))
            {
                Assert.True(generator.MayFail, $"Refused: {Convert.ToHexString(encoding)}");
                continue;
            }
            read++;
            Assert.Equal(encoding.Length, consumed);
            Assert.Equal(encoding, harness.Rewrite(encoding));
        }
        Assert.True(read > 0, "No encoding could be read.");
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void AStructureCutShortIsRefused(string structure)
    {
        (StructureGenerator generator, StructureHarness harness) = Find(structure);
        foreach (byte[] encoding in Generate(generator, 20).Where(encoding => harness.TryParse(encoding, out _)))
        {
            for (int length = 0; length < Math.Min(encoding.Length, 256); length++)
            {
                bool parses = harness.TryParse(encoding.AsSpan(0, length), out int consumed);
                Assert.False(parses && !generator.RunsToTheEnd, $"{length} bytes of {Convert.ToHexString(encoding)} parse.");
                Assert.Equal(parses ? length : 0, consumed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void WhatFollowsIsLeftAlone(string structure)
    {
        (StructureGenerator generator, StructureHarness harness) = Find(structure);
        foreach (byte[] encoding in Generate(generator, 20).Where(encoding => harness.TryParse(encoding, out _)))
        {
            byte[] followed = [.. encoding, 0x00, 0xFF, 0x40];
            if (generator.RunsToTheEnd)
                continue;
            Assert.True(harness.TryParse(followed, out int consumed));
            Assert.Equal(encoding.Length, consumed);
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void ADestinationThatIsTooSmallThrows(string structure)
    {
        (StructureGenerator generator, StructureHarness harness) = Find(structure);
        foreach (byte[] encoding in Generate(generator, 20).Where(encoding => harness.TryParse(encoding, out _) && encoding.Length > 0))
            Assert.ThrowsAny<ArgumentException>(() => harness.WriteInto(encoding, new byte[encoding.Length - 1]));
    }

    internal static (StructureGenerator Generator, StructureHarness Harness) Find(string structure)
    {
        Type type = TargetCatalog.Structures.Single(candidate => candidate.FullName == structure);
        return (StructureGenerator.For(type), StructureHarness.For(type));
    }

    internal static IEnumerable<byte[]> Generate(StructureGenerator generator, int count, Forced? forced = null)
    {
        var buffer = new EncodingBuffer();
        for (int i = 0; i < count; i++)
        {
            FuzzRandom random = FuzzRandom.For(Seed, generator.Type.Name, i);
            buffer.Clear();
            generator.Append(buffer, ref random, forced);
            yield return buffer.Written.ToArray();
        }
    }
}
