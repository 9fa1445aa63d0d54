namespace Vpr.Fuzz.Targets;

/// <summary>A visitor that can say what it saw.</summary>
internal interface IFamilyDigest
{
    /// <summary>A digest of the members seen.</summary>
    ulong Value { get; }
}

/// <summary>What a visitor does with each member.</summary>
internal struct FamilyDigest()
{
    private Digest _digest = new();

    /// <summary>A digest of the members seen.</summary>
    public readonly ulong Value => _digest.Value;

    /// <summary>Writes a member and parses it again.</summary>
    public bool Take<T>(scoped in T member)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        _digest.Add(RoundTrip.Rewrite(in member));
        return true;
    }

    /// <summary>Takes an element of no known type.</summary>
    public bool Unknown(ulong type, ReadOnlySpan<byte> body)
    {
        _digest.Add(type);
        _digest.Add(body);
        return true;
    }
}
