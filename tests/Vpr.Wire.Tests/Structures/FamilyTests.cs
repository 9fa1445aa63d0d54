using Vpr.Fuzz;
using Vpr.Fuzz.Generation;
using Vpr.Fuzz.Targets;

namespace Vpr.Wire.Tests.Structures;

/// <summary>What holds of every family.</summary>
public class FamilyTests
{
    /// <summary>The names of all families.</summary>
    public static TheoryData<string> Families => [.. TargetCatalog.Families.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void AFamilyHasAFuzzTargetThatReadsItsMembers(string family)
    {
        FuzzTarget target = TargetCatalog.All.Single(candidate => candidate.Name == family);
        var buffer = new EncodingBuffer();
        int read = 0;
        for (int i = 0; i < 200; i++)
        {
            FuzzRandom random = FuzzRandom.For(2, family, i);
            buffer.Clear();
            target.Generate(buffer, ref random);
            read += target.Check(buffer.Written) != 0 ? 1 : 0;
        }
        Assert.True(read > 50, $"Only {read} of 200 sequences could be read.");
    }
}
