using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>What is read or written in one go: a part, or bit fields that share whole bytes.</summary>
/// <param name="When">What must hold for it to be present.</param>
internal abstract record Unit(Condition? When)
{
    /// <summary>Bytes at a known place that can be checked together with the neighbours'; a prefix of the rest of the unit.</summary>
    public abstract int LeadingBytes { get; }

    /// <summary>Whether the leading bytes are all there is.</summary>
    public abstract bool IsFixed { get; }

    /// <summary>The parts in units, in wire order.</summary>
    public static List<Unit> Of(IEnumerable<Part> parts)
    {
        var units = new List<Unit>();
        var fields = new List<ScalarPart>();
        int bits = 0;
        foreach (Part part in parts)
        {
            switch (part)
            {
                case ScalarPart { Encoding: ScalarEncoding.TypeBit }:
                    break;
                case ScalarPart { Encoding: ScalarEncoding.Bits } field:
                    fields.Add(field);
                    bits += field.Bits;
                    if (bits % 8 == 0)
                    {
                        units.Add(new BitsUnit([.. fields], bits / 8, field.When));
                        fields.Clear();
                        bits = 0;
                    }
                    break;
                case ScalarPart { Encoding: ScalarEncoding.VarInt } scalar:
                    units.Add(new VarIntUnit(scalar));
                    break;
                case ScalarPart scalar:
                    units.Add(new IntegerUnit(scalar, scalar.Bits / 8));
                    break;
                case BytesPart bytes:
                    units.Add(new BytesUnit(bytes));
                    break;
            }
        }
        return units;
    }

    /// <summary>Neighbours that are present or absent together.</summary>
    public static IEnumerable<List<Unit>> Blocks(List<Unit> units)
    {
        for (int start = 0, end; start < units.Count; start = end)
        {
            for (end = start + 1; end < units.Count && units[end].When == units[start].When; end++)
            {
            }
            yield return units.GetRange(start, end - start);
        }
    }

    /// <summary>Bytes at known places from a unit on.</summary>
    public static int RunLength(List<Unit> units, int from)
    {
        int length = 0;
        for (int i = from; i < units.Count; i++)
        {
            length += units[i].LeadingBytes;
            if (!units[i].IsFixed)
                break;
        }
        return length;
    }
}

internal sealed record BitsUnit(ScalarPart[] Fields, int Bytes, Condition? When) : Unit(When)
{
    public override int LeadingBytes => Bytes;

    public override bool IsFixed => true;
}

internal sealed record IntegerUnit(ScalarPart Part, int Bytes) : Unit(Part.When)
{
    public override int LeadingBytes => Bytes;

    public override bool IsFixed => true;
}

internal sealed record VarIntUnit(ScalarPart Part) : Unit(Part.When)
{
    public override int LeadingBytes => 0;

    public override bool IsFixed => false;
}

internal sealed record BytesUnit(BytesPart Part) : Unit(Part.When)
{
    public override int LeadingBytes => Part.Extent switch
    {
        FixedExtent { Bytes: var bytes } => bytes,
        PrefixExtent { UnlessRest: null, PrefixBytes: var bytes } => bytes,
        _ => 0,
    };

    public override bool IsFixed => Part.Extent is FixedExtent;
}
