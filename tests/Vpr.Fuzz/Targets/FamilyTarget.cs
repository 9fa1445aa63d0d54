using System.Reflection;
using Vpr.Fuzz.Generation;

namespace Vpr.Fuzz.Targets;

/// <summary>A family's method that reads one member.</summary>
internal delegate WireStatus Dispatcher<TVisitor>(ReadOnlySpan<byte> source, scoped ref TVisitor visitor, out int consumed);

/// <summary>A sequence of a family's members.</summary>
internal sealed class FamilyTarget<TVisitor>(Type family, Dispatcher<TVisitor> dispatch) : FuzzTarget(family.Name)
    where TVisitor : struct, IFamilyDigest
{
    private readonly Type[] _members = [.. TargetCatalog.MembersOf(family)];
    private readonly WireFamilyAttribute _declaration = family.GetCustomAttribute<WireFamilyAttribute>()!;

    /// <inheritdoc/>
    public override ulong Check(ReadOnlySpan<byte> input)
    {
        var visitor = new TVisitor();
        ReadOnlySpan<byte> rest = input;
        WireStatus status = WireStatus.Done;
        bool hasLength = _declaration.Length != Prefix.None;
        while (!rest.IsEmpty && (status == WireStatus.Done || (hasLength && status == WireStatus.Unknown)))
        {
            status = dispatch(rest, ref visitor, out int consumed);
            FuzzViolationException.Require(consumed >= 0 && consumed <= rest.Length, "A dispatcher consumes no more than there is.");
            bool wasRead = status == WireStatus.Done || (hasLength && status == WireStatus.Unknown);
            FuzzViolationException.Require(wasRead == consumed > 0, "A dispatcher consumes a whole member or nothing.");
            FuzzViolationException.Require(hasLength || status != WireStatus.NeedMoreData, "A family without a length cannot wait.");
            rest = rest[consumed..];
        }
        var digest = new Digest();
        digest.Add(visitor.Value);
        digest.Add((ulong)status);
        digest.Add((ulong)rest.Length);
        return rest.Length == input.Length ? 0 : digest.Value;
    }

    /// <inheritdoc/>
    public override void Generate(EncodingBuffer output, ref FuzzRandom random)
    {
        for (int members = random.Between(1, 4); members > 0; members--)
        {
            Type member = _members[random.Below(_members.Length)];
            if (_declaration.Type == TypeEncoding.External)
                output.AppendBigEndian(member.GetCustomAttribute<MemberOfAttribute>()!.Type, 1);
            StructureGenerator.For(member).Append(output, ref random);
        }
    }
}
