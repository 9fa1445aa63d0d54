using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>The length of a structure's parts as an expression over its properties.</summary>
internal sealed class LengthEmitter(StructModel model)
{
    private readonly List<string> _terms = [];
    private int _fixed;

    /// <summary>The length where it is the same for every value; null where it varies.</summary>
    public int? Constant => _terms.Count == 0 ? _fixed : null;

    public static LengthEmitter OfBody(StructModel model)
    {
        var length = new LengthEmitter(model);
        foreach (List<Unit> block in Unit.Blocks(Unit.Of(model.Parts)))
        {
            var inner = new LengthEmitter(model);
            foreach (Unit unit in block)
                inner.Add(unit);
            if (block[0].When is { } when)
                length._terms.Add($"({Expressions.IsPresent(model, when, inParser: false)} ? {inner} : 0)");
            else
                length.Add(inner);
        }
        return length;
    }

    public void Add(int bytes) => _fixed += bytes;

    public void Add(string term) => _terms.Add(term);

    public void Add(LengthEmitter other)
    {
        _fixed += other._fixed;
        _terms.AddRange(other._terms);
    }

    /// <summary>The length in bytes of what a part holds, without a prefix.</summary>
    public static string ContentLength(BytesPart part) =>
        part.Content == Content.Span ? $"{part.Name}.Length" : $"{part.Name}.EncodedLength";

    /// <summary>The sum, one term to a line where one line is too long.</summary>
    public IEnumerable<string> Lines(string start)
    {
        string[] terms = [.. (_fixed > 0 ? [_fixed.ToString()] : Array.Empty<string>()), .. _terms];
        string line = $"{start} {this};";
        if (line.Length <= 120)
            return [line];
        return new[] { start }.Concat(terms.Select((term, i) => (i == 0 ? "    " : "    + ") + term + (i == terms.Length - 1 ? ";" : "")));
    }

    public override string ToString() => Expressions.Sum([_fixed.ToString(), .. _terms]);

    private void Add(Unit unit)
    {
        _fixed += unit.LeadingBytes;
        switch (unit)
        {
            case VarIntUnit { Part: { Constant: { } constant } }:
                _fixed += constant < 0x40 ? 1 : constant < 0x4000 ? 2 : constant < 0x4000_0000 ? 4 : 8;
                break;
            case VarIntUnit { Part: var part }:
                _terms.Add($"VarInt.Length({Expressions.ToRaw(part)})");
                break;
            case BytesUnit { IsFixed: false, Part: var part }:
                AddVariable(part);
                break;
        }
    }

    private void AddVariable(BytesPart part)
    {
        string length = ContentLength(part);
        if (part.Extent is PrefixExtent prefix && (prefix.Prefix == Prefix.VarInt || prefix.UnlessRest is not null))
        {
            string own = prefix.Prefix == Prefix.VarInt ? $"VarInt.Length((ulong){length})" : prefix.PrefixBytes.ToString();
            _terms.Add(prefix.UnlessRest is { } flag ? $"({Expressions.ToRaw((ScalarPart)model.Find(flag))} ? {own} : 0)" : own);
        }
        _terms.Add(length);
    }
}
